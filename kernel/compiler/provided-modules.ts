/**
 * Names the modules that the kernel provides to cells.
 */

/** Module names that never resolve to a file, even if a package of that name is installed. */
export const providedModules: ReadonlySet<string> = new Set(["tslab"]);
