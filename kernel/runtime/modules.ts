/**
 * Creates the `require` function and the module loader of cells.
 *
 * Names are resolved from the notebook's folder. An edited file of the project is reloaded by the
 * next import (see `fresh-modules.ts`), a file of a library only after a restart of the kernel.
 */
import { createRequire } from "node:module";
import { cellPath } from "./cell-path";
import { type FileMeta, fileMeta, installFileScopes } from "./file-scope";
import { FreshModules } from "./fresh-modules";
import { ModuleLoader } from "./loader";
import {
  type FileListener,
  type MapListener,
  ProjectFiles,
} from "./project-files";

/** Options of the `require` function of cells. */
interface RequireOptions {
  /** The folder from which cells resolve names. */
  readonly notebookFolder: string;
  /** The folder of the project that the notebook belongs to. */
  readonly projectFolder: string;
  /** Loads the files of projects. */
  readonly files: ProjectFiles;
  /** Modules that the kernel provides, by name. */
  readonly provided: Readonly<Record<string, unknown>>;
  /** Called after each `require` of a cell. */
  readonly loaded: () => void;
}

/** The functions with which cells load modules. */
export interface CellModules {
  readonly require: NodeJS.Require;
  readonly loader: ModuleLoader;
  /** The value of `import.meta` in cells. */
  readonly meta: FileMeta;
}

/** Sets up this process to load the modules that cells of a folder import. */
export function createModules({
  mapped,
  evaluating,
  ...options
}: Omit<RequireOptions, "files"> & {
  /** Called with the source map of each compiled file. */
  readonly mapped: MapListener;
  /** Called with the path of each compiled ES module that is about to be evaluated. */
  readonly evaluating?: FileListener;
}): CellModules {
  const { notebookFolder } = options;
  const files = new ProjectFiles(notebookFolder, mapped, evaluating);
  files.install();
  const require = createCellRequire({ ...options, files });
  const loader = new ModuleLoader(require, files, notebookFolder);
  installFileScopes(loader);
  return { require, loader, meta: fileMeta(cellPath(notebookFolder), loader) };
}

function createCellRequire(options: RequireOptions): NodeJS.Require {
  const { files, notebookFolder, projectFolder } = options;
  const cell = cellPath(notebookFolder);
  const require = createRequire(cell);
  const fresh = new FreshModules(projectFolder, require.cache, (path) =>
    files.dependencies(path),
  );
  const load = (name: string): unknown => {
    // Node might load a build output instead of the checked source.
    const found = name.startsWith(".") && files.find(name, cell, "require");
    return found
      ? files.load(found, (place) => require(place) as unknown)
      : (require(name) as unknown);
  };
  const cellRequire = (name: string): unknown => {
    if (Object.hasOwn(options.provided, name)) return options.provided[name];
    fresh.refresh();
    try {
      return load(name);
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
