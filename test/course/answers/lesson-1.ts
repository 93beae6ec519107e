/**
 * Right and wrong answers to the exercises of lesson 1.
 */
import type { lesson1 } from "../../../src/course/lab/lesson-1";
import type { Answers } from "./answers";

export const lesson1Answers: Readonly<Record<keyof typeof lesson1, Answers>> =
  {};
