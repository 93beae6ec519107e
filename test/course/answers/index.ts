/**
 * Right and wrong answers to every step and exercise.
 */
import type { CheckName } from "../../../src/course/lab";
import type { Answers } from "./answers";
import { labAnswers } from "./labs";
import { lesson0Answers } from "./lesson-0";
import { lesson1Answers } from "./lesson-1";
import { lesson2Answers } from "./lesson-2";
import { lesson3Answers } from "./lesson-3";
import { lesson4Answers } from "./lesson-4";

export const answers: Readonly<Record<CheckName, Answers>> = {
  ...labAnswers,
  ...lesson0Answers,
  ...lesson1Answers,
  ...lesson2Answers,
  ...lesson3Answers,
  ...lesson4Answers,
};
