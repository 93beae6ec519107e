/**
 * Right and wrong answers to the exercises of lesson 0.
 */
import type { lesson0 } from "../../../src/course/lab/lesson-0";
import type { Answers } from "./answers";

export const lesson0Answers: Readonly<Record<keyof typeof lesson0, Answers>> =
  {};
