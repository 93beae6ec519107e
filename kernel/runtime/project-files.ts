/**
 * Lets Node load a project's TypeScript files, which are compiled on demand and resolved as by the
 * type checker.
 *
 * Edits need no build step. Compiled files are cached on disk, so that a notebook with unchanged
 * files never loads TypeScript in this process, which takes a third of a second and 80 MB.
 */
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { nativeImport } from "@convnotes/notebook/native-import";
import { cacheFolder } from "../compiler/project/compilation-cache";
import type {
  CompiledFile,
  ModuleTarget,
} from "../compiler/project/compiled-file";
import { FileCompiler } from "../compiler/project/file-compiler";
import type { ImportMode } from "../compiler/project/module-resolver";
import { isInstalled } from "../compiler/project/source-files";
import { projectFolder } from "../compiler/folders";
import { FailedModules } from "./failed-modules";
import { codeOf, isImportOnly } from "./module-error";
import { resolveWithKernel } from "./resolve-with-kernel";

/** Called with the path and the source map of a compiled file, for stack traces. */
export type MapListener = (path: string, sourceMap: string) => void;

/** Called with the path of a file. */
export type FileListener = (path: string) => void;

/** The type of `Module._resolveFilename`. */
type Resolve = (
  request: string,
  parent: { readonly filename?: string | null } | undefined,
  ...others: unknown[]
) => string;

/** The type of `Module._load`. */
type Load = (
  request: string,
  parent: { readonly filename?: string | null } | undefined,
  ...others: unknown[]
) => unknown;

type LoadedModule = Module & { _compile(text: string, path: string): void };

/** Extensions of files that Node itself cannot load. */
const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".jsx"];

/** Loads the files of projects. */
export class ProjectFiles {
  readonly #compiler: FileCompiler;
  readonly #mapped: MapListener;
  readonly #willEvaluate: FileListener;
  readonly #compiled = new Map<string, CompiledFile>();
  /** Files that were compiled to determine their paths and that Node will load next. */
  readonly #awaited = new Map<string, CompiledFile>();
  /** Paths to load, by source path, of files compiled since the last refresh. */
  readonly #places = new Map<string, string>();
  readonly #failed = new FailedModules();
  /** Modules whose evaluation has begun but not ended. */
  readonly #evaluating = new Set<string>();

  /**
   * @param notebookFolder The folder whose project's configuration is used.
   * @param mapped Called with the source map of each file, before it is loaded.
   * @param evaluating Called with the path of each ES module before its evaluation.
   */
  constructor(
    notebookFolder: string,
    mapped: MapListener,
    evaluating: FileListener = () => undefined,
  ) {
    const require = createRequire(__filename);
    const { version } = require("typescript/package.json") as {
      version: string;
    };
    this.#mapped = mapped;
    this.#willEvaluate = evaluating;
    this.#compiler = new FileCompiler({
      notebookFolder,
      kernelFolder: dirname(__dirname),
      cacheFolder: cacheFolder(projectFolder(notebookFolder)),
      typescript: () => require("typescript") as typeof import("typescript"),
      version,
      standardLibrary: dirname(require.resolve("typescript")),
    });
  }

  /** Hooks into Node's `require`. */
  install(): void {
    this.#failed.install();
    const { extensions } = createRequire(__filename);
    for (const extension of EXTENSIONS) {
      extensions[extension] = (module: Module, path: string) =>
        this.#load(module as LoadedModule, path);
    }
    const module = Module as unknown as {
      _resolveFilename: Resolve;
      _load: Load;
    };
    const load = module._load;
    // Loaded by path, because Node caches resolved names even after they refer to another file.
    module._load = (request, parent, ...others) => {
      const target = this.#compiled.get(parent?.filename ?? "")?.required[
        request
      ];
      if (target === undefined) {
        return load.call(module, request, parent, ...others);
      }
      return this.load(target, (place) =>
        load.call(module, place, parent, ...others),
      );
    };
    const resolve = module._resolveFilename;
    module._resolveFilename = (request, parent, ...others) => {
      const importer = parent?.filename ?? "";
      const target = this.#compiled.get(importer)?.required[request];
      if (target) return this.place(target);
      try {
        return resolve.call(module, request, parent, ...others);
      } catch (error) {
        if (!hasPaths(others[1])) {
          const installed = resolveWithKernel(request, importer);
          if (installed !== undefined) return installed;
        }
        const found = this.#findForOwn(request, importer, "require");
        if (found === undefined) throw error;
        return this.place(found);
      }
    };
  }

  /** Compiles a target if necessary. Returns the path that Node should load. */
  place({ path, isCompiled }: ModuleTarget): string {
    if (!isCompiled) return path;
    const place = this.#places.get(path) ?? this.#currentPlace(path);
    this.#places.set(path, place);
    return place;
  }

  /**
   * Marks a module as failed, so that it and its incomplete imports are evaluated again by the next
   * import.
   *
   * @param place The path that it was loaded from.
   */
  giveUp(place: string): void {
    this.#failed.add(place);
    this.#places.clear();
  }

  #currentPlace(path: string): string {
    const compiled = this.#compile(path);
    const { module } = compiled;
    if (module !== undefined) return this.#failed.current(module);
    this.#awaited.set(path, compiled);
    return path;
  }

  /** Resolves a name by the rules of the project. Returns undefined if only Node can resolve it. */
  find(
    name: string,
    importer: string,
    mode: ImportMode,
  ): ModuleTarget | undefined {
    const { imported, required } = this.#compiled.get(importer) ?? {};
    const known = mode === "import" ? imported : required;
    return known?.[name] ?? this.#compiler.target(name, importer, mode);
  }

  /** Returns the files that a loaded file depends on, including files that do not exist yet. */
  dependencies(path: string): readonly string[] {
    const { dependencies = [], absent = [] } = this.#compiled.get(path) ?? {};
    return [...dependencies.map(([dependency]) => dependency), ...absent];
  }

  /** Loads the file of a target. */
  load(target: ModuleTarget, load: (place: string) => unknown): unknown {
    const place = this.place(target);
    return target.isCompiled && target.format === "module"
      ? this.evaluate(place, () => load(place))
      : load(place);
  }

  /**
   * Evaluates an ES module. If it fails, the next import evaluates it again.
   *
   * @param place The path that it is loaded from.
   * @param load Loads the module.
   */
  evaluate<Exports>(place: string, load: () => Exports): Exports {
    this.#evaluating.add(place);
    this.#willEvaluate(place);
    let exports: Exports;
    try {
      exports = load();
    } catch (error) {
      this.#evaluating.delete(place);
      if (!isImportOnly(error)) this.giveUp(place);
      throw error;
    }
    // Not in `finally`: a termination skips this line, so that `refresh` gives the module up.
    this.#evaluating.delete(place);
    return exports;
  }

  /** Clears cached paths and files, which may have changed. */
  refresh(): void {
    this.#places.clear();
    this.#awaited.clear();
    for (const place of this.#evaluating) this.giveUp(place);
    this.#evaluating.clear();
    this.#compiler.refresh();
  }

  #findForOwn(
    request: string,
    importer: string,
    mode: ImportMode,
  ): ModuleTarget | undefined {
    const isOwn = importer !== "" && !isInstalled(importer);
    return isOwn ? this.#compiler.target(request, importer, mode) : undefined;
  }

  #compile(path: string): CompiledFile {
    const compiled = this.#compiler.compile(path);
    this.#compiled.set(path, compiled);
    // The map of an ES module is a file next to it.
    if (!compiled.module) this.#mapped(path, compiled.sourceMap);
    return compiled;
  }

  #load(module: LoadedModule, path: string): void {
    const { module: compiled, javascript } =
      this.#awaited.get(path) ?? this.#compile(path);
    this.#awaited.delete(path);
    if (compiled === undefined) {
      module._compile(javascript, path);
      return;
    }
    const place = this.#failed.current(compiled);
    try {
      module.exports = this.evaluate(
        place,
        () => createRequire(path)(place) as unknown,
      );
    } catch (error) {
      const isAsync = codeOf(error) === "ERR_REQUIRE_ASYNC_MODULE";
      if (!isAsync || module.id !== ".") throw error;
      // The main program has a top-level await; nothing uses its exports.
      void nativeImport(path)(pathToFileURL(place).href);
    }
  }
}

/** Whether options of `require.resolve` name the folders to look in. */
function hasPaths(options: unknown): boolean {
  return (options as { paths?: unknown } | undefined)?.paths !== undefined;
}
