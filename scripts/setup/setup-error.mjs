// The way set-up says that something is missing: one sentence, and the command that mends it.

/** Something outside set-up's power is missing or refused. Printed without a stack trace; the process then ends with code 1. */
export class SetupError extends Error {
  /**
   * @param {string} message One sentence: what was expected, and what was found.
   * @param {string} remedy The command that mends it, or the shortest way to it.
   * @param {string[]} [evidence] The last lines a failing tool wrote, without stack traces.
   */
  constructor(message, remedy, evidence = []) {
    super(message);
    this.name = "SetupError";
    this.remedy = remedy;
    this.evidence = evidence;
  }
}

/** Set-up was stopped from outside: Ctrl-C, a closed terminal, or `kill`. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal The signal that arrived. */
  constructor(signal) {
    super(`Interrupted by ${signal}`);
    this.name = "Interrupted";
    this.signal = signal;
  }
}

/**
 * The command to give again once a remedy is applied: the one the person gave.
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
