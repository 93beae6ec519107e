/**
 * The runtime's door to other code: `require` as cells see it.
 *
 * Names are looked up from the notebook's folder. TypeScript files are compiled when they are first
 * required (by ts-node, types not checked again: the compiler has done that), so an edit in a library
 * needs no build step, only a restart of the kernel.
 */
import Module, { createRequire } from "node:module";
import { join } from "node:path";

/** What happens around the loading of modules. */
export interface ModuleOptions {
  /** The folder from which cells look up names. */
  readonly notebookFolder: string;
  /** The folder whose tsconfig.json rules over TypeScript files. */
  readonly projectFolder: string;
  /** Modules that the kernel itself provides, by name. */
  readonly provided: Readonly<Record<string, unknown>>;
  /** Called after each `require` of a cell. */
  readonly loaded: () => void;
}

/** The `require` of cells. */
export function createCellRequire(options: ModuleOptions): NodeJS.Require {
  compileTypeScriptOnDemand(options.projectFolder);
  const require = createRequire(join(options.notebookFolder, "cell.js"));
  const cellRequire = (name: string): unknown => {
    if (Object.hasOwn(options.provided, name)) return options.provided[name];
    try {
      return require(name) as unknown;
    } finally {
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

function compileTypeScriptOnDemand(projectFolder: string): void {
  const { extensions } = createRequire(__filename);
  // ts-node takes 0.2 s to load; a notebook that imports no TypeScript file need not wait for it.
  extensions[".ts"] = (module: Module, path: string) => {
    const tsNode = createRequire(__filename)(
      "ts-node",
    ) as typeof import("ts-node");
    delete extensions[".ts"];
    tsNode.register({
      transpileOnly: true,
      cwd: projectFolder,
      compiler: require.resolve("typescript"),
      compilerOptions: {
        module: "CommonJS",
        moduleResolution: "Node10",
        noEmit: false,
      },
    });
    extensions[".ts"]?.(module, path);
  };
}
