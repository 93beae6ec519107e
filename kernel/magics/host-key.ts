/**
 * Names the global of the runtime through which compiled cells call the magics.
 *
 * A string and not a symbol, because a cell may declare a name `Symbol` of its own. The property is
 * not enumerable, and TypeScript does not know it.
 */

/** The key on `globalThis` of the object that runs magics. */
export const MAGICS_KEY = "convnotes.kernel.magics";

/** The key as an expression of TypeScript. */
export const MAGICS_EXPRESSION = `(globalThis as any)["${MAGICS_KEY}"]`;

/** MIME type of the exact versions of installed packages, by name. */
export const PACKAGES_TYPE = "application/vnd.convnotes.packages+json";

/** MIME type of the result of `%reset`, if the user has agreed. */
export const RESET_TYPE = "application/vnd.convnotes.reset+json";
