/**
 * A file of a project as it runs.
 */
import type { ModuleFormat } from "./module-format";

/** Where the name of a module leads. */
export interface ModuleTarget {
  /** The file. */
  readonly path: string;
  readonly format: ModuleFormat;
  /** Whether Node has to be given other text than the file holds. */
  readonly isCompiled: boolean;
}

/** A file that has been compiled. */
export interface CompiledFile {
  readonly format: ModuleFormat;
  /** The text that runs. */
  readonly javascript: string;
  /** Source map (version 3, JSON). */
  readonly sourceMap: string;
  /** The file that holds the text, if it is an ES module: Node loads those from disk alone. */
  readonly module?: string;
  /** Where names lead that it requires. */
  readonly required: Readonly<Record<string, ModuleTarget>>;
  /** Where names lead that it imports while it runs. */
  readonly imported: Readonly<Record<string, ModuleTarget>>;
  /** Other files that the result depends on, with the digests of their texts. */
  readonly dependencies: readonly (readonly [path: string, digest: string])[];
  /** Files that would change the result if they were there. */
  readonly absent: readonly string[];
  /** Files that must be there for it to run. */
  readonly needed: readonly string[];
}
