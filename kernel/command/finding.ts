/**
 * The doctor's notes: what one check has found.
 */

/** One thing that has been looked at. */
export interface Finding {
  /** What was looked at, such as "Node.js". */
  readonly name: string;
  /** Whether the kernel can work with it as it is. */
  readonly isWell: boolean;
  /** What was found, or what is wrong. */
  readonly text: string;
  /** The command that mends it, if it is not well. */
  readonly remedy?: string;
}

/** A finding that needs nothing. */
export function well(name: string, text: string): Finding {
  return { name, isWell: true, text };
}

/** A finding that needs mending. */
export function unwell(name: string, text: string, remedy: string): Finding {
  return { name, isWell: false, text, remedy };
}

/** The line or lines that a person reads. */
export function findingText({ name, isWell, text, remedy }: Finding): string {
  const line = `${isWell ? "ok   " : "WRONG"}  ${name}: ${text}`;
  return remedy === undefined ? line : `${line}\n       mend it: ${remedy}`;
}
