/**
 * The one parameter that every lesson has.
 */

/** `quick`: a slice of the data and few epochs, to see a lesson run. `full`: as its source set it. */
export type LessonMode = "quick" | "full";

/**
 * The mode a lesson runs in: the one that is given, else the environment variable `CONVNOTES_MODE`, else `quick`.
 *
 * A notebook asks twice: where it declares its parameter, and with that parameter where it uses it first, as papermill may have put
 * another text in its place.
 *
 * Throws an Error if the mode is neither of the two.
 */
export function lessonMode(mode?: string): LessonMode {
  const chosen = mode ?? (process.env["CONVNOTES_MODE"] || "quick");
  if (chosen !== "quick" && chosen !== "full") {
    const name = mode === undefined ? "CONVNOTES_MODE" : "the mode";
    throw new Error(
      `Expected ${name} to be "quick" or "full", received "${chosen}"`,
    );
  }
  return chosen;
}
