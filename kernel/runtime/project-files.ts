/**
 * Files of projects as Node loads them: compiled, and found where the check has found them.
 *
 * An edit needs no build step. What a file was compiled to is kept on disk, so that a notebook whose files have not changed never
 * loads TypeScript here, which takes a third of a second and 80 MB.
 */
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
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
import { nativeImport } from "./native-import";

/** What is done with a file's own place and its map, for stack traces. */
export type MapListener = (path: string, sourceMap: string) => void;

/** What `Module._resolveFilename` takes and gives. */
type Resolve = (
  request: string,
  parent: { readonly filename?: string | null } | undefined,
  ...others: unknown[]
) => string;

/** What `Module._load` takes and gives. */
type Load = (
  request: string,
  parent: { readonly filename?: string | null } | undefined,
  ...others: unknown[]
) => unknown;

type LoadedModule = Module & { _compile(text: string, path: string): void };

/** The files that Node cannot load by itself. */
const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".jsx"];

/** Loads the files of projects. */
export class ProjectFiles {
  readonly #compiler: FileCompiler;
  readonly #mapped: MapListener;
  readonly #compiled = new Map<string, CompiledFile>();
  /** Files that were compiled to know their places, and that Node loads next. */
  readonly #awaited = new Map<string, CompiledFile>();
  /** Where files lie that have been compiled since the last look at what has changed. */
  readonly #places = new Map<string, string>();
  readonly #failed = new FailedModules();
  /** Modules whose evaluation has begun and not ended. */
  readonly #evaluating = new Set<string>();

  /**
   * @param notebookFolder The folder whose project's configuration counts.
   * @param mapped Told of each file's source map.
   */
  constructor(notebookFolder: string, mapped: MapListener) {
    const require = createRequire(__filename);
    const { version } = require("typescript/package.json") as {
      version: string;
    };
    this.#mapped = mapped;
    this.#compiler = new FileCompiler({
      notebookFolder,
      kernelFolder: dirname(__dirname),
      cacheFolder: cacheFolder(projectFolder(notebookFolder)),
      typescript: () => require("typescript") as typeof import("typescript"),
      version,
      standardLibrary: dirname(require.resolve("typescript")),
    });
  }

  /** Lets `require` load such files. */
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
    // By its path: Node remembers where a name has led, also once that is another file.
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
        const found = this.#findForOwn(request, importer, "require");
        if (found === undefined) throw error;
        return this.place(found);
      }
    };
  }

  /** The file that Node is to load for a target, which is compiled first. */
  place({ path, isCompiled }: ModuleTarget): string {
    if (!isCompiled) return path;
    const place = this.#places.get(path) ?? this.#currentPlace(path);
    this.#places.set(path, place);
    return place;
  }

  /**
   * Has a module evaluated once more, and those of its imports that have not come to their end, when it is next imported.
   *
   * @param place Where it was loaded from.
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

  /** Where a name leads by the rules of the project; undefined where only Node itself may know. */
  find(
    name: string,
    importer: string,
    mode: ImportMode,
  ): ModuleTarget | undefined {
    const { imported, required } = this.#compiled.get(importer) ?? {};
    const known = mode === "import" ? imported : required;
    return known?.[name] ?? this.#compiler.target(name, importer, mode);
  }

  /** The files that a loaded file depends on, some of which are not there yet. */
  dependencies(path: string): readonly string[] {
    const { dependencies = [], absent = [] } = this.#compiled.get(path) ?? {};
    return [...dependencies.map(([dependency]) => dependency), ...absent];
  }

  /** Has the file loaded that Node is to load for a target. */
  load(target: ModuleTarget, load: (place: string) => unknown): unknown {
    const place = this.place(target);
    return target.isCompiled && target.format === "module"
      ? this.evaluate(place, () => load(place))
      : load(place);
  }

  /**
   * Evaluates an ES module, which if it fails is evaluated once more when it is next asked for.
   *
   * @param place Where it is loaded from.
   * @param load Loads it.
   */
  evaluate<Exports>(place: string, load: () => Exports): Exports {
    this.#evaluating.add(place);
    let exports: Exports;
    try {
      exports = load();
    } catch (error) {
      this.#evaluating.delete(place);
      if (!isImportOnly(error)) this.giveUp(place);
      throw error;
    }
    // An interrupt that ends it comes by here no more.
    this.#evaluating.delete(place);
    return exports;
  }

  /** Forgets which files there were, and what they were: they may be others. */
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
    // An ES module has its map beside it.
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
      // A program that awaits: nobody waits for what it exports.
      void nativeImport(path)(pathToFileURL(place).href);
    }
  }
}
