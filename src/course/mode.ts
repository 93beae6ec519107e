import { coded } from "../notebook/coded-error";
/**
 * The mode parameter of the lessons.
 */

/**
 * `quick`: a subset of the data and few epochs, to see a lesson run. `full`: the settings of the
 * lesson's source.
 */
export type LessonMode = "quick" | "full";

/**
 * Returns the mode of a lesson: the argument, or the environment variable `CONVNOTES_MODE`, or
 * `quick`.
 *
 * A notebook calls it twice: for the default of its parameter, and to validate the parameter at
 * first use, because papermill may have replaced the value.
 *
 * Throws an Error if the mode is neither `quick` nor `full`.
 */
export function lessonMode(mode?: string): LessonMode {
  const chosen = mode ?? (process.env["CONVNOTES_MODE"] || "quick");
  if (chosen !== "quick" && chosen !== "full") {
    const name = mode === undefined ? "CONVNOTES_MODE" : "the mode";
    throw coded(
      "ERR_INVALID_VALUE",
      new Error(
        `Expected ${name} to be "quick" or "full", received "${chosen}"`,
      ),
    );
  }
  return chosen;
}
