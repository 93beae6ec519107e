/**
 * The form in which tests list answers to a step or an exercise.
 */
import type { Verdict } from "../../../src/course/lab";

/** Answers to one step: at least two that are right, and at least three that are wrong. */
export interface Answers {
  readonly right: Readonly<Record<string, () => Verdict>>;
  /** Each with a part of what the verdict says. */
  readonly wrong: Readonly<Record<string, readonly [() => Verdict, RegExp]>>;
}
