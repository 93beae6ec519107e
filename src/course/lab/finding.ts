/**
 * What a check found in a student's answer.
 */

/** The result of a judgment. */
export interface Finding {
  readonly isRight: boolean;
  /** What was seen in the answer, one sentence. */
  readonly seen: string;
  /** What to look at, without giving the answer away. Empty if the answer is right. */
  readonly advice: string;
}

/** The answer is right. */
export function right(seen: string): Finding {
  return { isRight: true, seen, advice: "" };
}

/** The answer is wrong, or not finished. */
export function wrong(seen: string, advice: string): Finding {
  return { isRight: false, seen, advice };
}
