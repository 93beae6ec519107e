/**
 * Defines the data of a small project with a notebook.
 *
 * A project consists of its files and the cells of a notebook that uses them. The result of tsc and
 * Node is in `oracle.json`, which `write-oracle.ts` generates by running them. The kernel must give
 * the same result.
 */

/** A project with a notebook. */
export interface Project {
  /** What the project tests, in a few words; its key in `oracle.json`. */
  readonly name: string;
  /** The files: paths with their texts, or with the values of JSON files. */
  readonly files: Readonly<Record<string, string | object>>;
  /**
   * Symbolic links, as npm creates them for workspaces: paths with their targets, relative to the
   * project's folder.
   */
  readonly links?: Readonly<Record<string, string>>;
  /** The notebook's folder; the project's folder by default. */
  readonly folder?: string;
  /** The cells. The value of the last expression is displayed. */
  readonly cells: readonly string[];
  /** The module format of the cells as one file for tsc and Node; an ES module by default. */
  readonly entry?: "mts" | "ts" | "tsx" | "cts";
  /** The configuration for tsc, if `tsconfig.json` only contains references. */
  readonly config?: string;
  /**
   * How the project runs after tsc's check: Node runs the output of tsc, or esbuild bundles the
   * TypeScript files.
   */
  readonly runner?: "node" | "esbuild";
  /** Folders of projects that tsc builds first, as with `tsc -b`. */
  readonly builds?: readonly string[];
  /** Files that the project's build copies after tsc: sources with their destinations. */
  readonly copies?: Readonly<Record<string, string>>;
  /** Replacements for options that TypeScript 5 does not support yet. */
  readonly older?: Readonly<Record<string, unknown>>;
}

/** A project's result. */
export type Result =
  /** The printed output, ending with the value. */
  | { readonly stdout: string }
  /** The error codes of the cells. */
  | { readonly objections: string }
  /** The first line of the error that ended the cells. */
  | { readonly throws: string };

/** The contents of `tsconfig.json`. */
export function tsconfig(
  compilerOptions: Readonly<Record<string, unknown>>,
  more: object = {},
): { readonly "tsconfig.json": object } {
  return { "tsconfig.json": { compilerOptions, ...more } };
}

/** Returns the options of a strict ECMAScript 2022 project with a module option. */
export function strict(
  module: string,
  more: Readonly<Record<string, unknown>> = {},
): { readonly "tsconfig.json": object } {
  return tsconfig({ module, target: "es2022", strict: true, ...more });
}

/** Returns a `package.json` that only specifies the module format. */
export function packageOf(
  type?: "module" | "commonjs",
  more: object = {},
): { readonly "package.json": object } {
  return {
    "package.json": { name: "project", ...(type ? { type } : {}), ...more },
  };
}
