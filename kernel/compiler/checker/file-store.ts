/**
 * Files that have been read and parsed, kept for the next program.
 *
 * A package's file is taken to stay as it is while the kernel runs; a file of the user's own is looked at again for each program.
 * What a start-up snapshot brought along (see `../snapshot/`) may have changed since, and is looked at once.
 */
import { sep } from "node:path";
import ts from "typescript";
import { changeOf } from "../../file-change";

interface KnownFile {
  readonly file: ts.SourceFile;
  /** When it was changed last, in ms since 1970. */
  readonly changed: number;
}

const MODULES_FOLDER = `${sep}node_modules${sep}`;

/** Parsed files by path. */
export class FileStore {
  readonly #files = new Map<string, KnownFile>();
  /** Files of packages that have been looked at since the process began. */
  readonly #trusted = new Set<string>();

  /** The parsed file, or undefined if there is none. */
  get(
    path: string,
    options: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined {
    const known = this.#files.get(path);
    if (known && this.#trusted.has(path)) return reused(known.file, options);
    const changed = changeOf(path);
    this.#trust(path);
    if (known?.changed === changed) return reused(known.file, options);
    const text = ts.sys.readFile(path);
    if (text === undefined) return undefined;
    const file = ts.createSourceFile(
      path,
      text,
      isJavaScript(path) ? options : withoutComments(options),
      true,
    );
    this.#files.set(path, { file, changed });
    return file;
  }

  /** Whether a file that was read is another now. */
  hasChanged(path: string): boolean {
    const known = this.#files.get(path);
    if (known === undefined || this.#trusted.has(path)) return false;
    if (changeOf(path) !== known.changed) return true;
    this.#trust(path);
    return false;
  }

  /** From now on looks once more at each file: time has passed that this process knows nothing of. */
  distrust(): void {
    this.#trusted.clear();
  }

  #trust(path: string): void {
    if (path.includes(MODULES_FOLDER)) this.#trusted.add(path);
  }
}

/** A parsed file for a program that may take it for a module of the other kind. */
function reused(
  file: ts.SourceFile,
  options: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile {
  if (typeof options === "object") {
    file.impliedNodeFormat = options.impliedNodeFormat;
  }
  return file;
}

/** JavaScript, whose comments have its types. */
function isJavaScript(path: string): boolean {
  return /\.[cm]?jsx?$/.test(path);
}

/** Doc comments are read when somebody asks for one; see `doc-comments.ts`. */
function withoutComments(
  options: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.CreateSourceFileOptions {
  return {
    ...(typeof options === "object" ? options : { languageVersion: options }),
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
}
