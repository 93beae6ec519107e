/**
 * Right and wrong answers to the exercises of lesson 4.
 */
import type { lesson4 } from "../../../src/course/lab/lesson-4";
import type { Answers } from "./answers";

export const lesson4Answers: Readonly<Record<keyof typeof lesson4, Answers>> =
  {};
