/**
 * Right and wrong answers to the exercises of lesson 3.
 */
import type { lesson3 } from "../../../src/course/lab/lesson-3";
import type { Answers } from "./answers";

export const lesson3Answers: Readonly<Record<keyof typeof lesson3, Answers>> =
  {};
