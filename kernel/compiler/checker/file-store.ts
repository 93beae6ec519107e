/**
 * Stores parsed files for reuse by later programs.
 *
 * Files of packages are assumed not to change while the kernel runs; the user's own files are
 * checked for changes for each program. Files from a start-up snapshot (see `../snapshot/`) may
 * have changed since and are checked once.
 */
import { sep } from "node:path";
import ts from "typescript";
import { changeOf } from "../../file-change";

interface KnownFile {
  readonly file: ts.SourceFile;
  /** The modification time in ms since 1970. */
  readonly changed: number;
}

const MODULES_FOLDER = `${sep}node_modules${sep}`;

/** Parsed files by path. */
export class FileStore {
  readonly #files = new Map<string, KnownFile>();
  /** Files of packages that have been checked since the process started. */
  readonly #verified = new Set<string>();

  /** Returns the parsed file, or undefined if it does not exist. */
  get(
    path: string,
    options: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined {
    const known = this.#files.get(path);
    if (known && this.#verified.has(path)) return reused(known.file, options);
    const changed = changeOf(path);
    this.#markVerified(path);
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

  /** Whether a file has changed since it was read. */
  hasChanged(path: string): boolean {
    const known = this.#files.get(path);
    if (known === undefined || this.#verified.has(path)) return false;
    if (changeOf(path) !== known.changed) return true;
    this.#markVerified(path);
    return false;
  }

  /** Checks every file once more before it is used, for example after a snapshot was restored. */
  invalidate(): void {
    this.#verified.clear();
  }

  #markVerified(path: string): void {
    if (path.includes(MODULES_FOLDER)) this.#verified.add(path);
  }
}

/** Returns a parsed file for a program that may treat it as a module of the other format. */
function reused(
  file: ts.SourceFile,
  options: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile {
  if (typeof options === "object") {
    file.impliedNodeFormat = options.impliedNodeFormat;
  }
  return file;
}

/** Whether a file is JavaScript, whose types are in its comments. */
function isJavaScript(path: string): boolean {
  return /\.[cm]?jsx?$/.test(path);
}

/**
 * Returns options to parse a file without doc comments, which are read on demand; see
 * `doc-comments.ts`.
 */
function withoutComments(
  options: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.CreateSourceFileOptions {
  return {
    ...(typeof options === "object" ? options : { languageVersion: options }),
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
}
