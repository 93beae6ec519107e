/**
 * The runtime's door to other code: `require` as cells see it.
 *
 * Names are looked up from the notebook's folder. TypeScript files are compiled when they are first
 * required (see `typescript-files.ts`), so that an edit needs no build step. An edited file beside the notebook counts from the next
 * import on (see `fresh-modules.ts`), one of a library from the next restart of the kernel.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { FreshModules } from "./fresh-modules";
import type { PathMapping } from "./path-mapping";
import { requireTypeScript, type MapListener } from "./typescript-files";

/** What happens around the loading of modules. */
export interface ModuleOptions {
  /** The folder from which cells look up names. */
  readonly notebookFolder: string;
  /** The folder of the project that the notebook belongs to. */
  readonly projectFolder: string;
  /** Where names lead by the project's configuration. */
  readonly paths: PathMapping;
  /** Modules that the kernel itself provides, by name. */
  readonly provided: Readonly<Record<string, unknown>>;
  /** Told of the source map of each TypeScript file that is required. */
  readonly mapped: MapListener;
  /** Called after each `require` of a cell. */
  readonly loaded: () => void;
}

/** The file that a cell would be, as Node's loaders see it. */
export function cellFile(notebookFolder: string): string {
  return join(notebookFolder, "cell.js");
}

/** The `require` of cells. */
export function createCellRequire(options: ModuleOptions): NodeJS.Require {
  requireTypeScript(options.notebookFolder, options.paths, options.mapped);
  const require = createRequire(cellFile(options.notebookFolder));
  const fresh = new FreshModules(options.projectFolder, require.cache);
  const cellRequire = (name: string): unknown => {
    if (Object.hasOwn(options.provided, name)) return options.provided[name];
    fresh.refresh();
    try {
      return require(name) as unknown;
    } finally {
      fresh.note();
      options.loaded();
    }
  };
  return Object.assign(cellRequire, {
    resolve: require.resolve,
    cache: require.cache,
    extensions: require.extensions,
    main: require.main,
  });
}
