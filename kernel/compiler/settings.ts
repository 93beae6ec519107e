/**
 * Defines the settings of a compiler.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { projectFolder } from "./folders";
import { cacheFolder } from "./project/compilation-cache";

/** The available compilers; the first is the default. */
export const compilerNames = ["checked", "tslab"] as const;

/** Name of a compiler. */
export type CompilerName = (typeof compilerNames)[number];

/** The settings of a compiler. They are sent between processes as JSON. */
export interface CompilerSettings {
  readonly compiler: CompilerName;
  /** The folder against which a cell's relative imports are resolved. */
  readonly notebookFolder: string;
  /** The folder whose packages and files cells may import. */
  readonly projectFolder: string;
  /** The folder of the kernel's own global types, for a notebook outside any project. */
  readonly kernelTypes: string;
  /** The kernel's own folder, from which its bundled library is resolved. */
  readonly kernelFolder: string;
  /** The cache folder for compiled files. */
  readonly cacheFolder: string;
  /** The folder of TypeScript's standard library, such as lib.es2023.d.ts. */
  readonly standardLibrary: string;
  /** The memory limit of the compiler process in megabytes; Node's default if absent. */
  readonly memory?: number;
}

/** Returns the settings for the notebooks in a folder. */
export function compilerSettings(
  compiler: CompilerName,
  notebookFolder: string,
): CompilerSettings {
  const { resolve } = createRequire(__filename);
  const project = projectFolder(notebookFolder);
  const memory = Number(process.env.CONVNOTES_COMPILER_MEMORY);
  return {
    compiler,
    notebookFolder,
    projectFolder: project,
    kernelFolder: dirname(__dirname),
    cacheFolder: cacheFolder(project),
    kernelTypes: dirname(dirname(resolve("@types/node/package.json"))),
    standardLibrary: dirname(resolve("typescript")),
    ...(memory > 0 ? { memory } : {}),
  };
}

/**
 * Returns the TypeScript version of a compiler, such as "6.0.3".
 *
 * The version is read from package.json, as loading TypeScript takes a fifth of a second.
 */
export function typeScriptVersion(compiler: CompilerName): string {
  const load = createRequire(__filename);
  const from =
    compiler === "tslab"
      ? createRequire(load.resolve("tslab/package.json"))
      : load;
  const name =
    compiler === "tslab" ? "@tslab/typescript-for-tslab" : "typescript";
  const { version } = from(`${name}/package.json`) as { version: string };
  return version;
}
