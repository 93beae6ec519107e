/**
 * Right and wrong answers to the exercises of lesson 2.
 */
import type { lesson2 } from "../../../src/course/lab/lesson-2";
import type { Answers } from "./answers";

export const lesson2Answers: Readonly<Record<keyof typeof lesson2, Answers>> =
  {};
