/**
 * Represents the results of the doctor's checks.
 */

/** The result of one check. */
export interface Finding {
  /** The subject of the check, such as "Node.js". */
  readonly name: string;
  /** Whether the check passed. */
  readonly isOk: boolean;
  /** What was found, or the problem. */
  readonly text: string;
  /** The command that fixes the problem, if there is one. */
  readonly remedy?: string;
}

/** Creates the result of a check that passed. */
export function ok(name: string, text: string): Finding {
  return { name, isOk: true, text };
}

/** Creates the result of a check that failed. */
export function problem(name: string, text: string, remedy: string): Finding {
  return { name, isOk: false, text, remedy };
}

/** Formats a result as one or more lines. */
export function findingText({ name, isOk, text, remedy }: Finding): string {
  const line = `${isOk ? "ok  " : "FAIL"}  ${name}: ${text}`;
  return remedy === undefined ? line : `${line}\n      fix: ${remedy}`;
}
