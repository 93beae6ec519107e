/**
 * Notebook room: the one parameter that every lesson has.
 */

/** `quick`: a slice of the data and few epochs, to see a lesson run. `full`: as its source set it. */
export type LessonMode = "quick" | "full";

/**
 * The mode a lesson runs in: the environment variable `CONVNOTES_MODE`, or `quick` where it is not set.
 *
 * Throws an Error if the variable holds anything else.
 */
export function lessonMode(): LessonMode {
  const mode = process.env["CONVNOTES_MODE"] || "quick";
  if (mode !== "quick" && mode !== "full") {
    throw new Error(
      `Expected CONVNOTES_MODE to be "quick" or "full", received "${mode}"`,
    );
  }
  return mode;
}
