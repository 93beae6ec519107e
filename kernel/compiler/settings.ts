/**
 * What a compiler has to know before its first cell.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { projectFolder } from "./folders";
import { cacheFolder } from "./project/compilation-cache";

/** The compilers there are; the first is the one that is used unless another is asked for. */
export const compilerNames = ["checked", "tslab"] as const;

/** Name of a compiler. */
export type CompilerName = (typeof compilerNames)[number];

/** What a compiler has to know. It travels between processes as JSON. */
export interface CompilerSettings {
  readonly compiler: CompilerName;
  /** The folder from which a cell's relative imports are looked up. */
  readonly notebookFolder: string;
  /** The folder whose packages and files cells may import. */
  readonly projectFolder: string;
  /** The folder of the kernel's own global types, for a notebook outside of any project. */
  readonly kernelTypes: string;
  /** The kernel's own folder, from which the library that it brings along is found. */
  readonly kernelFolder: string;
  /** The folder in which compiled files are kept. */
  readonly cacheFolder: string;
  /** The folder of TypeScript's own declarations, lib.es2022.d.ts and its like. */
  readonly standardLibrary: string;
  /** How many megabytes the compiler's process may use; as many as Node lets it if none are given. */
  readonly memory?: number;
}

/** The settings for notebooks of a folder. */
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
 * The version of a compiler's TypeScript, such as "6.0.3".
 *
 * Read from its package, as loading it takes a fifth of a second.
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
