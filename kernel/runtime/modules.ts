/**
 * `require` as cells see it.
 *
 * Names are looked up from the notebook's folder. An edited file beside the notebook counts from the next import on (see
 * `fresh-modules.ts`), one of a library from the next restart of the kernel.
 */
import { createRequire } from "node:module";
import { cellFile } from "./cell-place";
import { type FileMeta, fileMeta, installFileScopes } from "./file-scope";
import { FreshModules } from "./fresh-modules";
import { ModuleLoader } from "./loader";
import { type MapListener, ProjectFiles } from "./project-files";

/** What happens around the loading of modules. */
interface RequireOptions {
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

/** What cells load modules by. */
export interface CellModules {
  readonly require: NodeJS.Require;
  readonly loader: ModuleLoader;
  /** What `import.meta` is in a cell. */
  readonly meta: FileMeta;
}

/** Lets this process load what cells of a folder import. */
export function createModules({
  mapped,
  ...options
}: Omit<RequireOptions, "files"> & {
  /** Told of the source map of each file that is compiled. */
  readonly mapped: MapListener;
}): CellModules {
  const { notebookFolder } = options;
  const files = new ProjectFiles(notebookFolder, mapped);
  files.install();
  const require = createCellRequire({ ...options, files });
  const loader = new ModuleLoader(require, files, notebookFolder);
  installFileScopes(loader);
  return { require, loader, meta: fileMeta(cellFile(notebookFolder), loader) };
}

function createCellRequire(options: RequireOptions): NodeJS.Require {
  const { files, notebookFolder, projectFolder } = options;
  const cell = cellFile(notebookFolder);
  const require = createRequire(cell);
  const fresh = new FreshModules(projectFolder, require.cache, (path) =>
    files.dependencies(path),
  );
  const load = (name: string): unknown => {
    // Node would take a file that was built from the one that has been checked.
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
