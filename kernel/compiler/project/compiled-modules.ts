/**
 * Defines the text markers of compiled ES modules.
 */

/** The property of `globalThis` with the set of the URLs of modules that were fully evaluated. */
export const EVALUATED = "convnotes.kernel.evaluated";

/** The last statement of a compiled module. */
export const LAST_STATEMENT = `;globalThis[${JSON.stringify(EVALUATED)}]?.add(import.meta.url);`;

/** Matches the URL of a compiled module in an import of another one. */
export const COMPILED_URL = /file:\/\/\/[^\s"]*\/[0-9a-f]{40}\/[^\s"/]+\.mjs/g;
