/**
 * Checks students' answers in the labs.
 */
import { coded } from "../../notebook/coded-error";
import { restoreSeedState, seedState } from "../../training/seed";
import { wrong, type Finding } from "./finding";
import { messageOf } from "./judge-model";
import { lab1 } from "./lab-1";
import { lab2 } from "./lab-2";
import { lab3 } from "./lab-3";
import { lab4 } from "./lab-4";
import { lesson0 } from "./lesson-0";
import { lesson1 } from "./lesson-1";
import { lesson2 } from "./lesson-2";
import { lesson3 } from "./lesson-3";
import { lesson4 } from "./lesson-4";
import { Verdict } from "./verdict";

const checks = {
  ...lab1,
  ...lab2,
  ...lab3,
  ...lab4,
  ...lesson0,
  ...lesson1,
  ...lesson2,
  ...lesson3,
  ...lesson4,
};

/** Name of a check, such as `lab-3/second-layer`. */
export type CheckName = keyof typeof checks;

/** What a check judges, for each name. */
export type CheckedValues<Name extends CheckName> = Parameters<
  (typeof checks)[Name]
>;

/** Set by nbgrader while it validates or grades a notebook. */
const gradingVariable = "NBGRADER_EXECUTION";

/**
 * Judges the answer to a step of a lab by what it does, and returns the verdict, which the notebook
 * shows: whether it is right and, if not, what was seen and what to look at.
 *
 *     check("lab-3/second-layer", model);
 *
 * The values judged are not changed: a model keeps its weights and its optimizer. Neither are the
 * random numbers of {@link setSeed}: a network that is built later gets the same initial weights.
 *
 * @param name The lab and the step.
 * @param given The values of the step; their types depend on the name.
 * @throws Error `ERR_WRONG_ANSWER` with the verdict if the answer is wrong and nbgrader is grading,
 *   so that the cell gets no points; RangeError `ERR_UNKNOWN_NAME` if there is no such check.
 */
export function check<Name extends CheckName>(
  name: Name,
  ...given: CheckedValues<Name>
): Verdict {
  if (!Object.hasOwn(checks, name)) {
    throw coded(
      "ERR_UNKNOWN_NAME",
      new RangeError(
        `Expected the name of a check (${Object.keys(checks).join(", ")}), received "${String(name)}".`,
      ),
    );
  }
  const judge = checks[name] as (...values: CheckedValues<Name>) => Finding;
  const verdict = new Verdict(name, judged(judge, given));
  if (!verdict.isRight && process.env[gradingVariable] !== undefined) {
    throw coded("ERR_WRONG_ANSWER", new Error(verdict.toString()));
  }
  return verdict;
}

/** Runs a judge. An answer that makes it fail is wrong. */
function judged<Values extends readonly unknown[]>(
  judge: (...values: Values) => Finding,
  given: Values,
): Finding {
  if (given.includes(undefined)) {
    return wrong(
      "The step above has no result: it is undefined.",
      "Write the step and run its cell, then this one. Does your code return something?",
    );
  }
  const state = seedState();
  try {
    return judge(...given);
  } catch (error) {
    return wrong(
      `Using the answer ends in an error: ${messageOf(error)}`,
      "Is the answer of the kind that the text asks for?",
    );
  } finally {
    if (state !== undefined) restoreSeedState(state);
  }
}
