/**
 * Small projects with a notebook in them: what one is made of.
 *
 * A project is data: its files, and the cells of a notebook that uses them. What tsc and Node make of it stands in `oracle.json`,
 * which `write-oracle.ts` writes by running them; what the kernel makes of it must be the same.
 */

/** A project, and a notebook in it. */
export interface Project {
  /** What it shows, in a few words; its name in `oracle.json`. */
  readonly name: string;
  /** Its files: path to text, or to what a JSON file holds. */
  readonly files: Readonly<Record<string, string | object>>;
  /** Symbolic links, as npm makes them for workspaces: path to the path that it leads to, both from the project's folder. */
  readonly links?: Readonly<Record<string, string>>;
  /** The notebook's folder; the project's own by default. */
  readonly folder?: string;
  /** The cells. The last expression of the last one is what is shown. */
  readonly cells: readonly string[];
  /** What the cells are taken for where they are one file, as tsc and Node want it: an ES module by default. */
  readonly entry?: "mts" | "ts" | "tsx" | "cts";
  /** The configuration that tsc is given, where `tsconfig.json` only refers to it. */
  readonly config?: string;
  /** What runs it after tsc's check: Node runs what tsc has written, or esbuild bundles the TypeScript files for it. */
  readonly runner?: "node" | "esbuild";
  /** Projects that tsc builds first, as `tsc -b` does: their folders. */
  readonly builds?: readonly string[];
  /** Files that the project's build copies after tsc: from where to where. */
  readonly copies?: Readonly<Record<string, string>>;
  /** Options that TypeScript 5 is given for those it does not know yet. */
  readonly older?: Readonly<Record<string, unknown>>;
}

/** A project's result. */
export type Result =
  /** What was printed, the value at the end of it. */
  | { readonly stdout: string }
  /** The numbers of the objections to the cells. */
  | { readonly objections: string }
  /** The first line of the error that ended the cells. */
  | { readonly throws: string };

/** What `tsconfig.json` holds. */
export function tsconfig(
  compilerOptions: Readonly<Record<string, unknown>>,
  more: object = {},
): { readonly "tsconfig.json": object } {
  return { "tsconfig.json": { compilerOptions, ...more } };
}

/** Options of a strict project of a kind, of ECMAScript 2022. */
export function strict(
  module: string,
  more: Readonly<Record<string, unknown>> = {},
): { readonly "tsconfig.json": object } {
  return tsconfig({ module, target: "es2022", strict: true, ...more });
}

/** A `package.json` that says only which kind of module its files are. */
export function packageOf(
  type?: "module" | "commonjs",
  more: object = {},
): { readonly "package.json": object } {
  return {
    "package.json": { name: "project", ...(type ? { type } : {}), ...more },
  };
}
