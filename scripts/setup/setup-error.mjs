// Errors that setup reports: one sentence, and the command that fixes the problem.

/** @typedef {import("../../src/notebook/coded-error.js").ErrorCode} ErrorCode */

/**
 * A prerequisite that setup cannot provide. Printed without a stack trace; the process then ends
 * with code 1.
 */
export class SetupError extends Error {
  /**
   * @param {ErrorCode} code What kind of rule was broken.
   * @param {string} message One sentence: what was expected, and what was found.
   * @param {string} remedy The command that fixes it.
   * @param {string[]} [evidence] The last lines of a failing tool's output, without stack traces.
   */
  constructor(code, message, remedy, evidence = []) {
    super(message);
    this.name = "SetupError";
    this.code = code;
    this.remedy = remedy;
    this.evidence = evidence;
  }
}

/** Setup was stopped from outside: Ctrl-C, a closed terminal, or `kill`. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal The signal that arrived. */
  constructor(signal) {
    super(`Interrupted by ${signal}`);
    this.name = "Interrupted";
    this.code = "ERR_INTERRUPTED";
    this.signal = signal;
  }
}

/**
 * Returns the command to repeat once a remedy is applied, which is the user's command.
 *
 * @returns {string} For example `npm start`.
 */
export function commandToRepeat() {
  const script = process.env.npm_lifecycle_event;
  if (script === undefined) return "npm run setup";
  return ["start", "test"].includes(script)
    ? `npm ${script}`
    : `npm run ${script}`;
}
