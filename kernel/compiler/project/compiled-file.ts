/**
 * Defines the result of compiling a file of a project.
 */
import type { ModuleFormat } from "./module-format";

/** The target of a module specifier. */
export interface ModuleTarget {
  /** The file. */
  readonly path: string;
  readonly format: ModuleFormat;
  /** Whether the file has to be compiled for Node. */
  readonly isCompiled: boolean;
}

/** A compiled file. */
export interface CompiledFile {
  readonly format: ModuleFormat;
  /** The JavaScript that runs. */
  readonly javascript: string;
  /** Source map (version 3, JSON). */
  readonly sourceMap: string;
  /**
   * The file that contains the JavaScript of an ES module: Node loads ES modules from disk only.
   */
  readonly module?: string;
  /** The targets of the specifiers that it requires. */
  readonly required: Readonly<Record<string, ModuleTarget>>;
  /** The targets of the specifiers that it imports dynamically. */
  readonly imported: Readonly<Record<string, ModuleTarget>>;
  /** Other files that the result depends on, with the digests of their contents. */
  readonly dependencies: readonly (readonly [path: string, digest: string])[];
  /** Paths at which a new file would change the result. */
  readonly absent: readonly string[];
  /** Files that must exist for it to run. */
  readonly needed: readonly string[];
}
