/**
 * Modules that the kernel itself gives to cells.
 */

/** Their names. They lead to no file, whatever is installed. */
export const providedModules: ReadonlySet<string> = new Set(["tslab"]);
