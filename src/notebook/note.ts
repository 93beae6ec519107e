/**
 * Notes and warnings of the library.
 *
 * Standard error is for problems: notebooks show it in red, and grading tools treat any line there
 * as a failure. In a notebook, notes are therefore displayed as separate outputs.
 */
import { coded } from "./coded-error";
import { notebookHost } from "./host";

const variable = "CONVNOTES_NOTES";

const shown = new Set<string>();

/**
 * Shows information that is not a problem, once per process: below the running cell, or on standard
 * error if there is no notebook. `CONVNOTES_NOTES=off` in the environment disables notes; the
 * default is `on`.
 *
 * Throws a TypeError if `CONVNOTES_NOTES` has another value.
 */
export function note(text: string): void {
  if (!areNotesEnabled() || shown.has(text)) return;
  shown.add(text);
  const host = notebookHost();
  if (host === undefined) console.warn(text);
  else host.display({ "text/plain": text });
}

/** Writes a warning to standard error, on every call. */
export function warn(text: string): void {
  console.warn(text);
}

/** Allows all notes to be shown again, for tests. */
export function resetNotes(): void {
  shown.clear();
}

function areNotesEnabled(): boolean {
  const state = process.env[variable] ?? "on";
  if (state !== "on" && state !== "off") {
    throw coded(
      "ERR_INVALID_VALUE",
      new TypeError(
        `Expected ${variable} to be "on" or "off", received ${JSON.stringify(state)}`,
      ),
    );
  }
  return state === "on";
}

// Validates the variable at startup instead of at the first note, in the middle of a training run.
areNotesEnabled();
