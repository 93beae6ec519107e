/**
 * Loads the modules that cells and files import, of either kind.
 *
 * An ES module is evaluated by `require`, which an interrupt can end, and then imported. One that awaits at its top level can only be
 * imported, which takes a promise.
 */
import { createRequire, isBuiltin } from "node:module";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import type { ImportedName } from "../compiler/compiler";
import type { ModuleTarget } from "../compiler/project/compiled-file";
import { cellFile } from "./cell-place";
import type { ScopeLinks } from "./file-scope";
import { codeOf, isImportOnly, withSources } from "./module-error";
import { nativeImport } from "./native-import";
import type { ProjectFiles } from "./project-files";

/** A module that has been loaded. */
export interface LoadedModule {
  readonly exports: unknown;
  /** Whether the exports are those of an ES module, a `default` among them. */
  readonly isNamespace: boolean;
  /** Whether it is JSON, of which Node exports nothing but the whole. */
  readonly isJson?: boolean;
}

/** Loads modules. */
export class ModuleLoader implements ScopeLinks {
  readonly #require: NodeJS.Require;
  readonly #files: ProjectFiles;
  readonly #import: (name: string) => Promise<unknown>;

  /**
   * @param require The `require` of cells.
   * @param files The files of projects.
   * @param notebookFolder The folder from which names are looked up.
   */
  constructor(
    require: NodeJS.Require,
    files: ProjectFiles,
    notebookFolder: string,
  ) {
    this.#require = require;
    this.#files = files;
    this.#import = nativeImport(cellFile(notebookFolder));
  }

  /** Has files looked at again: they may have changed since the last cell. */
  refresh(): void {
    this.#files.refresh();
  }

  /** Lets go of what an interrupt has left half loaded: it begins once more when it is next asked for. */
  dropUnfinished(): void {
    const { cache, main } = this.#require;
    for (const [path, module] of Object.entries(cache)) {
      // A module is loaded in one go: one that is not by now never will be.
      if (module?.loaded === false && module !== main) delete cache[path];
    }
  }

  /** Gives up a module that a cell no longer waits for. */
  giveUp(target: ModuleTarget): void {
    if (target.format === "module" && target.isCompiled) {
      this.#files.giveUp(this.#files.place(target));
    }
  }

  /**
   * Loads a module for a cell; a promise only if it is an ES module.
   *
   * @param name As the cell writes it.
   * @param target Where that leads, if the compiler knows.
   */
  load(
    name: string,
    target: ModuleTarget | undefined,
  ): LoadedModule | Promise<LoadedModule> {
    if (target === undefined) return this.#loadByName(name);
    const place = this.#files.place(target);
    if (target.format === "module") return this.#loadModule(place);
    const loaded = loadedFrom(this.#require(place));
    return place.endsWith(".json") ? { ...loaded, isJson: true } : loaded;
  }

  /**
   * What `import()` gives.
   *
   * @param name As it is written.
   * @param target Where that leads, if the compiler knows.
   * @param isNodes See {@link importedValue}.
   */
  async importModule(
    name: string,
    target: ModuleTarget | undefined,
    isNodes = false,
  ): Promise<unknown> {
    return namespaceFor(await this.load(name, target), isNodes);
  }

  /** What `require` gives where a name leads. */
  requireTarget(target: ModuleTarget): unknown {
    return this.#files.load(target, (place) => this.#require(place) as unknown);
  }

  async importFrom(path: string, name: string): Promise<unknown> {
    if (isBuiltin(name) || /^(?:data|node):/.test(name)) {
      return this.#import(name);
    }
    const plain = name.startsWith("file:") ? fileOf(name) : name;
    const target = this.#files.find(plain, path, "import");
    if (target) return this.importModule(name, target);
    const isRelative = /^\.{0,2}\//.test(plain);
    if (isRelative)
      return this.#import(new URL(name, pathToFileURL(path)).href);
    try {
      return await this.importModule(name, undefined);
    } catch (error) {
      throw isMissing(error, name) ? notFound(name, path) : error;
    }
  }

  resolveFrom(path: string, name: string): string {
    if (isBuiltin(name))
      return name.startsWith("node:") ? name : `node:${name}`;
    if (/^\.{0,2}\//.test(name)) {
      return new URL(name, pathToFileURL(path)).href;
    }
    if (URL.canParse(name)) return new URL(name).href;
    const target = this.#files.find(name, path, "import");
    if (target) return pathToFileURL(target.path).href;
    try {
      // What is no code: a package's text, an image.
      return pathToFileURL(createRequire(path).resolve(name)).href;
    } catch {
      // Told below in the words of `import`.
    }
    throw notFound(name, path);
  }

  #loadModule(place: string): LoadedModule | Promise<LoadedModule> {
    try {
      this.#files.evaluate(place, () => this.#require(place) as unknown);
    } catch (error) {
      if (!isImportOnly(error)) throw withSources(error);
    }
    return this.#import(pathToFileURL(place).href).then(
      namespaceOf,
      (error: unknown) => {
        this.#files.giveUp(place);
        throw withSources(error);
      },
    );
  }

  #loadByName(name: string): LoadedModule | Promise<LoadedModule> {
    try {
      return loadedFrom(this.#require(name));
    } catch (error) {
      if (!isImportOnly(error)) throw error;
      return this.#import(name).then(namespaceOf);
    }
  }
}

/**
 * The value that an imported name takes.
 *
 * @param module The module.
 * @param name The name.
 * @param isNodes Whether a CommonJS module is by default all that it exports, also if it was compiled from an ES module.
 */
export function importedValue(
  module: LoadedModule,
  { name }: ImportedName,
  isNodes: boolean,
): unknown {
  const { exports, isNamespace } = module;
  if (name === "=") return exports;
  if (name === "*") {
    return isNodes ? namespaceFor(module, true) : exports;
  }
  const isFlagged = !isNodes && hasModuleFlag(exports);
  if (name === "default" && !isNamespace && !isFlagged) return exports;
  return (exports as Record<string, unknown> | null | undefined)?.[name];
}

/** All that a module exports, as one object with a `default`. */
function namespaceFor(
  { exports, isNamespace, isJson }: LoadedModule,
  isNodes: boolean,
): unknown {
  if (isNodes && isJson) return { default: exports };
  return isNamespace || (!isNodes && hasModuleFlag(exports))
    ? exports
    : { ...(exports as object | null | undefined), default: exports };
}

function loadedFrom(exports: unknown): LoadedModule {
  return { exports, isNamespace: types.isModuleNamespaceObject(exports) };
}

function namespaceOf(exports: unknown): LoadedModule {
  return { exports, isNamespace: true };
}

/** Whether exports were compiled from an ES module. */
function hasModuleFlag(exports: unknown): boolean {
  return (exports as { __esModule?: unknown } | null)?.__esModule === true;
}

/** Whether an error of `require` says that it has not found this very module. */
function isMissing(thrown: unknown, name: string): boolean {
  return (
    thrown instanceof Error &&
    codeOf(thrown) === "MODULE_NOT_FOUND" &&
    thrown.message.startsWith(`Cannot find module '${name}'`)
  );
}

/** The error of `import` for a package that is not there. */
function notFound(name: string, importer: string): Error {
  return Object.assign(
    new Error(`Cannot find package '${name}' imported from ${importer}`),
    { code: "ERR_MODULE_NOT_FOUND" },
  );
}

function fileOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}
