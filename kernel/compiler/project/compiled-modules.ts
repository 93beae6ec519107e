/**
 * What is known of compiled ES modules by their texts.
 */

/** The field of `globalThis` that takes the URLs of modules that were evaluated to their end. */
export const EVALUATED = "convnotes.kernel.evaluated";

/** The last statement of a compiled module. */
export const LAST_STATEMENT = `;globalThis[${JSON.stringify(EVALUATED)}]?.add(import.meta.url);`;

/** A compiled module's URL, as another one imports it. */
export const COMPILED_URL = /file:\/\/\/[^\s"]*\/[0-9a-f]{40}\/[^\s"/]+\.mjs/g;
