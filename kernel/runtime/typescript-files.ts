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
import { withoutMapComment } from "../map-comment";

type TypeScript = typeof import("typescript");

/** A file as JavaScript. */
interface CompiledFile {
  readonly javascript: string;
  /** Source map (version 3, JSON). */
  readonly sourceMap: string;
}

/** What is done with the file's own place and its map, for stack traces. */
export type MapListener = (path: string, sourceMap: string) => void;

/**
 * Lets `require` load TypeScript files.
 *
 * @param projectFolder The folder whose tsconfig.json rules over them, and in whose node_modules/.cache the results are kept.
 * @param mapped Told of each file's source map.
 */
export function requireTypeScript(
  projectFolder: string,
  mapped: MapListener,
): void {
  const { extensions } = createRequire(__filename);
  const compiler = new FileCompiler(projectFolder);
  extensions[".ts"] = (module: Module, path: string) => {
    const { javascript, sourceMap } = compiler.compile(path);
    mapped(path, sourceMap);
    (
      module as Module & { _compile(text: string, path: string): void }
    )._compile(javascript, path);
  };
}

class FileCompiler {
  readonly #folder: string;
  readonly #settings: string;
  readonly #cache: string | undefined;
  #options: import("typescript").CompilerOptions | undefined;

  constructor(projectFolder: string) {
    this.#folder = projectFolder;
    const config = join(projectFolder, "tsconfig.json");
    const { version } = createRequire(__filename)(
      "typescript/package.json",
    ) as {
      version: string;
    };
    this.#settings = [version, ...configurationTexts(config)].join("\n");
    const modules = join(projectFolder, "node_modules");
    this.#cache = existsSync(modules)
      ? join(modules, ".cache", "convnotes-kernel")
      : undefined;
  }

  /** Throws a SyntaxError with TypeScript's message and the place if the file is no TypeScript. */
  compile(path: string): CompiledFile {
    const text = readFileSync(path, "utf8");
    const digest = createHash("sha256")
      .update(JSON.stringify([this.#settings, path, text]))
      .digest("hex");
    const kept = this.#cache && join(this.#cache, `${digest}.json`);
    if (kept && existsSync(kept)) {
      return JSON.parse(readFileSync(kept, "utf8")) as CompiledFile;
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
      javascript: withoutMapComment(outputText),
      sourceMap: JSON.stringify({ ...map, sourceRoot: "", sources: [path] }),
    };
  }

  #compilerOptions(ts: TypeScript) {
    if (this.#options === undefined) {
      const path = join(this.#folder, "tsconfig.json");
      const { config } = ts.readConfigFile(path, (name) =>
        ts.sys.readFile(name),
      ) as { config?: object };
      const { options } = ts.parseJsonConfigFileContent(
        config ?? {
          compilerOptions: { target: "ES2022", esModuleInterop: true },
        },
        // Which files belong to the project is no matter here.
        { ...ts.sys, readDirectory: () => [] },
        this.#folder,
      );
      this.#options = {
        ...options,
        module: ts.ModuleKind.CommonJS,
        moduleResolution: ts.ModuleResolutionKind.Node10,
        noEmit: false,
        sourceMap: true,
        inlineSources: false,
      };
    }
    return this.#options;
  }
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
