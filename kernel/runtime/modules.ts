/**
 * `require` as cells see it.
 *
 * Names are looked up from the notebook's folder. An edited file beside the notebook counts from the next import on (see
 * `fresh-modules.ts`), one of a library from the next restart of the kernel.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { FreshModules } from "./fresh-modules";
import type { ProjectFiles } from "./project-files";

/** What happens around the loading of modules. */
export interface ModuleOptions {
  /** The folder from which cells look up names. */
  readonly notebookFolder: string;
  /** The folder of the project that the notebook belongs to. */
  readonly projectFolder: string;
  /** The files of projects. */
  readonly files: ProjectFiles;
  /** Modules that the kernel itself provides, by name. */
  readonly provided: Readonly<Record<string, unknown>>;
  /** Called after each `require` of a cell. */
  readonly loaded: () => void;
}

/** The file that a cell would be, as Node's loaders see it. */
export function cellFile(notebookFolder: string): string {
  return join(notebookFolder, "cell.js");
}

/** The `require` of cells. */
export function createCellRequire(options: ModuleOptions): NodeJS.Require {
  const { files, notebookFolder, projectFolder } = options;
  const cell = cellFile(notebookFolder);
  const require = createRequire(cell);
  const fresh = new FreshModules(projectFolder, require.cache, (path) =>
    files.dependencies(path),
  );
  const place = (name: string): string => {
    // Node would take a file that was built from the one that has been checked.
    const found = name.startsWith(".") && files.find(name, cell, "require");
    return found ? files.place(found) : name;
  };
  const cellRequire = (name: string): unknown => {
    if (Object.hasOwn(options.provided, name)) return options.provided[name];
    fresh.refresh();
    try {
      return require(place(name)) as unknown;
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
