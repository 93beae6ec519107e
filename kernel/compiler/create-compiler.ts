/**
 * The compiler's room: which compiler the kernel works with.
 */
import { createRequire } from "node:module";
import type { Compiler } from "./compiler";

/** The compilers there are; the first is the one that is used unless another is asked for. */
export const compilerNames = ["checked", "tslab"] as const;

/** Name of a compiler. */
export type CompilerName = (typeof compilerNames)[number];

/** What a compiler has to know. */
export interface CompilerSettings {
  readonly compiler: CompilerName;
  /** The folder whose packages and files cells may import. */
  readonly projectFolder: string;
  /** The folder from which a cell's relative imports are looked up. */
  readonly notebookFolder: string;
}

/** Makes a compiler; only the one asked for is loaded. */
export function createCompiler({
  compiler,
  projectFolder,
  notebookFolder,
}: CompilerSettings): Compiler {
  const load = createRequire(__filename);
  if (compiler === "tslab") {
    const { TslabCompiler } = load(
      "./tslab-compiler",
    ) as typeof import("./tslab-compiler");
    return new TslabCompiler(projectFolder, notebookFolder);
  }
  const { CheckedCompiler } = load(
    "./checked-compiler",
  ) as typeof import("./checked-compiler");
  return new CheckedCompiler(projectFolder, notebookFolder);
}

/**
 * The version of a compiler's TypeScript, such as "5.9.3".
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
