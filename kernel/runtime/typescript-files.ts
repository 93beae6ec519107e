/**
 * The runtime's interpreter: TypeScript files that a cell imports, compiled when they are first required.
 *
 * Types are not checked here; the compiler of cells has done that. What a file was compiled to is kept on disk under the digest of its text, so that a
 * notebook whose files have not changed never loads TypeScript, which takes a third of a second and 80 MB.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  mappedFile,
  mayBeMapped,
  readConfiguration,
} from "../compiler/configuration";
import { configurationFile, projectFolder } from "../compiler/folders";
import { withoutMapComment } from "../map-comment";
import type { PathMapping } from "./path-mapping";

type TypeScript = typeof import("typescript");

/** Changed whenever what is kept looks another way. */
const FORMAT = "2";

/** A file as JavaScript. */
interface CompiledFile {
  /** Where names of modules lead by the project's configuration. */
  readonly mapped: Readonly<Record<string, string>>;
  readonly javascript: string;
  /** Source map (version 3, JSON). */
  readonly sourceMap: string;
}

/** What is done with the file's own place and its map, for stack traces. */
export type MapListener = (path: string, sourceMap: string) => void;

/**
 * Lets `require` load TypeScript files.
 *
 * @param notebookFolder The folder whose tsconfig.json, or the nearest one upwards, rules over them, and in the node_modules/.cache
 *   of whose project the results are kept.
 * @param paths Takes names that lead elsewhere by that configuration.
 * @param mapped Told of each file's source map.
 */
export function requireTypeScript(
  notebookFolder: string,
  paths: PathMapping,
  mapped: MapListener,
): void {
  const { extensions } = createRequire(__filename);
  const compiler = new FileCompiler(notebookFolder);
  extensions[".ts"] = (module: Module, path: string) => {
    const file = compiler.compile(path);
    const { javascript, sourceMap } = file;
    paths.add(path, file.mapped);
    mapped(path, sourceMap);
    (
      module as Module & { _compile(text: string, path: string): void }
    )._compile(javascript, path);
  };
}

class FileCompiler {
  readonly #configuration: string | undefined;
  readonly #settings: string;
  readonly #cache: string | undefined;
  #options: import("typescript").CompilerOptions | undefined;

  constructor(notebookFolder: string) {
    this.#configuration = configurationFile(notebookFolder);
    const { version } = createRequire(__filename)(
      "typescript/package.json",
    ) as {
      version: string;
    };
    const texts = this.#configuration
      ? configurationTexts(this.#configuration)
      : [];
    this.#settings = [FORMAT, version, ...texts].join("\n");
    this.#cache = cacheFolder(projectFolder(notebookFolder));
  }

  /** Throws a SyntaxError with TypeScript's message and the place if the file is no TypeScript. */
  compile(path: string): CompiledFile {
    const text = readFileSync(path, "utf8");
    const digest = createHash("sha256")
      .update(JSON.stringify([this.#settings, path, text]))
      .digest("hex");
    const kept = this.#cache && join(this.#cache, `${digest}.json`);
    if (kept && existsSync(kept)) {
      const file = JSON.parse(readFileSync(kept, "utf8")) as CompiledFile;
      if (Object.values(file.mapped).every(existsSync)) return file;
    }
    const compiled = this.#transpile(path, text);
    if (kept) keep(kept, compiled);
    return compiled;
  }

  #transpile(path: string, text: string): CompiledFile {
    const ts = createRequire(__filename)("typescript") as TypeScript;
    const { outputText, sourceMapText, diagnostics } = ts.transpileModule(
      text,
      {
        fileName: path,
        reportDiagnostics: true,
        compilerOptions: this.#compilerOptions(ts),
      },
    );
    const [wrong] = diagnostics ?? [];
    if (wrong) {
      const { line, character } = ts.getLineAndCharacterOfPosition(
        wrong.file!,
        wrong.start ?? 0,
      );
      const message = ts.flattenDiagnosticMessageText(wrong.messageText, "\n");
      throw new SyntaxError(`${path}:${line + 1}:${character + 1}: ${message}`);
    }
    const map = JSON.parse(sourceMapText ?? "{}") as object;
    return {
      mapped: this.#mapped(ts, path, text),
      javascript: withoutMapComment(outputText),
      sourceMap: JSON.stringify({ ...map, sourceRoot: "", sources: [path] }),
    };
  }

  /** The names of modules in a file that the configuration leads to files of the project. */
  #mapped(ts: TypeScript, path: string, text: string): Record<string, string> {
    const options = this.#projectOptions(ts);
    const names = ts
      .preProcessFile(text)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) => mayBeMapped(name, options));
    const found = names.flatMap((name) => {
      const { resolvedModule } = ts.resolveModuleName(
        name,
        path,
        { ...options, moduleResolution: ts.ModuleResolutionKind.Bundler },
        ts.sys,
      );
      const file = mappedFile(resolvedModule);
      return file === undefined ? [] : [[name, file] as const];
    });
    return Object.fromEntries(found);
  }

  #compilerOptions(ts: TypeScript): import("typescript").CompilerOptions {
    return {
      ...this.#projectOptions(ts),
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      ignoreDeprecations: "6.0",
      noEmit: false,
      sourceMap: true,
      inlineSources: false,
    };
  }

  #projectOptions(ts: TypeScript): import("typescript").CompilerOptions {
    if (this.#configuration === undefined) {
      return { target: ts.ScriptTarget.ES2022, esModuleInterop: true };
    }
    this.#options ??= readConfiguration(ts, this.#configuration).options;
    return this.#options;
  }
}

/** Where the runtime keeps what it has compiled for a project; undefined for one without packages. */
export function cacheFolder(project: string): string | undefined {
  const modules = join(project, "node_modules");
  return existsSync(modules)
    ? join(modules, ".cache", "convnotes-kernel")
    : undefined;
}

/** The texts of a configuration and of those beside it that it extends. */
function configurationTexts(path: string): string[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const base = /"extends"\s*:\s*"(\.[^"]*)"/.exec(text)?.[1];
  if (base === undefined) return [text];
  const name = base.endsWith(".json") ? base : `${base}.json`;
  return [text, ...configurationTexts(join(dirname(path), name))];
}

/** Whole or not at all: another kernel may read it at the same time. A folder that cannot be written to is no reason to fail. */
function keep(path: string, compiled: CompiledFile): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(compiled));
    renameSync(draft, path);
  } catch {
    // Compiled again next time.
  }
}
