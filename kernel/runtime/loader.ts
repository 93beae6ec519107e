/**
 * The runtime's door for modules of either kind: what a cell's `import` and `import()` load.
 *
 * A CommonJS module is required. An ES module that Node will not let be required, as it awaits at its top level or its package
 * names no other entry, is imported, which takes a promise.
 */
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import vm from "node:vm";
import type { ImportedName } from "../compiler/compiler";
import { cellFile } from "./modules";

/** A module that has been loaded. */
export interface LoadedModule {
  readonly exports: unknown;
  /** Whether the exports are those of an ES module, a `default` among them. */
  readonly isNamespace: boolean;
}

/** Node's codes for modules that can be imported and not required. */
const IMPORT_ONLY = new Set([
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_REQUIRE_CYCLE_MODULE",
  "ERR_REQUIRE_ESM",
]);

/** Loads modules for cells. */
export class ModuleLoader {
  readonly #require: NodeJS.Require;
  readonly #import: (name: string) => Promise<unknown>;
  /** What `import.meta` is in a cell. */
  readonly meta: Readonly<Pick<ImportMeta, "url" | "dirname" | "filename">>;

  /**
   * @param require The `require` of cells.
   * @param notebookFolder The folder from which names are looked up.
   */
  constructor(require: NodeJS.Require, notebookFolder: string) {
    this.#require = require;
    this.#import = nativeImport(notebookFolder);
    const filename = cellFile(notebookFolder);
    const url = pathToFileURL(filename).href;
    this.meta = Object.freeze({ url, dirname: notebookFolder, filename });
  }

  /** Loads a module; a promise only if it cannot be required. */
  load(name: string): LoadedModule | Promise<LoadedModule> {
    try {
      const exports: unknown = this.#require(name);
      const isNamespace =
        types.isModuleNamespaceObject(exports) ||
        (exports as { __esModule?: unknown } | null)?.__esModule === true;
      return { exports, isNamespace };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const isImportOnly =
        IMPORT_ONLY.has(code ?? "") ||
        // TypeScript files that await at their top level.
        /top-level await|import statement outside a module/i.test(message);
      if (!isImportOnly) throw error;
      return this.#import(name).then((exports) => ({
        exports,
        isNamespace: true,
      }));
    }
  }

  /** What `import()` gives in a cell. */
  async importModule(name: string): Promise<unknown> {
    const { exports, isNamespace } = await this.load(String(name));
    return isNamespace
      ? exports
      : { ...(exports as object | null | undefined), default: exports };
  }
}

/** The value that an imported name takes. */
export function importedValue(
  { exports, isNamespace }: LoadedModule,
  { name }: ImportedName,
): unknown {
  if (name === "*" || name === "=") return exports;
  if (name === "default" && !isNamespace) return exports;
  return (exports as Record<string, unknown> | null | undefined)?.[name];
}

function nativeImport(folder: string): (name: string) => Promise<unknown> {
  const { constants } = vm as { constants?: typeof vm.constants };
  const loader = constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  // The compiler would make a require of an `import()` that stands here.
  return vm.runInThisContext("(name) => import(name)", {
    filename: cellFile(folder),
    ...(loader ? { importModuleDynamically: loader } : {}),
  }) as (name: string) => Promise<unknown>;
}
