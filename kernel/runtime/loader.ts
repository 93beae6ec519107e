/**
 * Loads the ES modules and CommonJS modules that cells and files import.
 *
 * An ES module is evaluated by `require`, which can be interrupted, and then imported. A module
 * with a top-level await can only be imported, which is asynchronous.
 */
import { createRequire, isBuiltin } from "node:module";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import type { ImportedName } from "../compiler/compiler";
import type { ModuleTarget } from "../compiler/project/compiled-file";
import { cellPath } from "./cell-path";
import type { ScopeLinks } from "./file-scope";
import { codeOf, isImportOnly, withSources } from "./module-error";
import type { ProjectFiles } from "./project-files";
import { importFunction } from "./resolve-with-kernel";

/** A loaded module. */
export interface LoadedModule {
  readonly exports: unknown;
  /** Whether the exports are the namespace of an ES module, including `default`. */
  readonly isNamespace: boolean;
  /** Whether it is JSON, for which Node provides only a default export. */
  readonly isJson?: boolean;
}

/** Loads modules. */
export class ModuleLoader implements ScopeLinks {
  readonly #require: NodeJS.Require;
  readonly #files: ProjectFiles;
  readonly #import: (name: string) => Promise<unknown>;

  /**
   * @param require The `require` of cells.
   * @param files Loads the files of projects.
   * @param notebookFolder The folder from which names are resolved.
   */
  constructor(
    require: NodeJS.Require,
    files: ProjectFiles,
    notebookFolder: string,
  ) {
    this.#require = require;
    this.#files = files;
    this.#import = importFunction(cellPath(notebookFolder));
  }

  /** Clears cached information about files, which may have changed since the last cell. */
  refresh(): void {
    this.#files.refresh();
  }

  /**
   * Removes partly loaded modules from the cache after an interrupt, so that they are loaded again.
   */
  dropUnfinished(): void {
    const { cache, main } = this.#require;
    for (const [path, module] of Object.entries(cache)) {
      // Loading is synchronous, so a module that is not loaded by now never will be.
      if (module?.loaded === false && module !== main) delete cache[path];
    }
  }

  /** Marks a module as failed after the interrupt of a cell that was waiting for it. */
  giveUp(target: ModuleTarget): void {
    if (target.format === "module" && target.isCompiled) {
      this.#files.giveUp(this.#files.place(target));
    }
  }

  /**
   * Loads a module for a cell. Returns a promise only for an ES module.
   *
   * @param name The name in the cell's import.
   * @param target The resolved module, if the compiler has resolved it.
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
   * Implements `import()`.
   *
   * @param name The name in the import.
   * @param target The resolved module, if the compiler has resolved it.
   * @param usesNodeInterop See {@link importedValue}.
   */
  async importModule(
    name: string,
    target: ModuleTarget | undefined,
    usesNodeInterop = false,
  ): Promise<unknown> {
    return namespaceFor(await this.load(name, target), usesNodeInterop);
  }

  /** Implements `require` for a resolved module. */
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
      // Files other than code, such as texts or images of a package.
      return pathToFileURL(createRequire(path).resolve(name)).href;
    } catch {
      // Reported below with the error of `import`.
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
 * Returns the value of an imported name.
 *
 * @param module The module.
 * @param name The imported name.
 * @param usesNodeInterop Whether, as in Node, the default import of a CommonJS module is
 *   `module.exports`, even if it was compiled from an ES module.
 */
export function importedValue(
  module: LoadedModule,
  { name }: ImportedName,
  usesNodeInterop: boolean,
): unknown {
  const { exports, isNamespace } = module;
  if (name === "=") return exports;
  if (name === "*") {
    return usesNodeInterop ? namespaceFor(module, true) : exports;
  }
  const isFlagged = !usesNodeInterop && hasModuleFlag(exports);
  if (name === "default" && !isNamespace && !isFlagged) return exports;
  return (exports as Record<string, unknown> | null | undefined)?.[name];
}

/** Returns a module's exports as an object with `default`. */
function namespaceFor(
  { exports, isNamespace, isJson }: LoadedModule,
  usesNodeInterop: boolean,
): unknown {
  if (usesNodeInterop && isJson) return { default: exports };
  return isNamespace || (!usesNodeInterop && hasModuleFlag(exports))
    ? exports
    : { ...(exports as object | null | undefined), default: exports };
}

function loadedFrom(exports: unknown): LoadedModule {
  return { exports, isNamespace: types.isModuleNamespaceObject(exports) };
}

function namespaceOf(exports: unknown): LoadedModule {
  return { exports, isNamespace: true };
}

/** Returns whether exports were compiled from an ES module. */
function hasModuleFlag(exports: unknown): boolean {
  return (exports as { __esModule?: unknown } | null)?.__esModule === true;
}

/** Returns whether an error of `require` means that the module with this name is missing. */
function isMissing(thrown: unknown, name: string): boolean {
  return (
    thrown instanceof Error &&
    codeOf(thrown) === "MODULE_NOT_FOUND" &&
    thrown.message.startsWith(`Cannot find module '${name}'`)
  );
}

/** Creates the error of `import` for a missing package. */
function notFound(name: string, importer: string): Error {
  return Object.assign(
    // eslint-disable-next-line no-restricted-syntax -- the code is Node's
    new Error(`Cannot find package '${name}' imported from ${importer}`),
    { code: "ERR_MODULE_NOT_FOUND" },
  );
}

function fileOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}
