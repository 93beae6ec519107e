// Gives errors a code, as src/notebook/coded-error.ts does, which is not compiled when setup runs.

/** @typedef {import("../../notebook/coded-error.js").ErrorCode} ErrorCode */

/**
 * Sets an error's code.
 *
 * @template {Error} E
 * @param {ErrorCode} code What kind of rule was broken.
 * @param {E} error
 * @returns {E & { readonly code: ErrorCode }} The same error.
 */
export function coded(code, error) {
  return Object.assign(error, { code });
}
