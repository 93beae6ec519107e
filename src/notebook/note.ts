/**
 * What the library says of its own accord: notes, which are worth knowing, and warnings, of what is wrong.
 *
 * Standard error is for what is wrong: a notebook shows it in red, and tools that mark notebooks take any line there for a failure. So
 * a note is an output of its own in a notebook.
 */
import { notebookHost } from "./host";

const variable = "CONVNOTES_NOTES";

const said = new Set<string>();

/**
 * Says something worth knowing that is not wrong, once in a process: below the running cell, or on standard error where there is no
 * notebook. `CONVNOTES_NOTES=off` in the environment silences it; default `on`.
 *
 * Throws a TypeError if `CONVNOTES_NOTES` is anything else.
 */
export function note(text: string): void {
  if (!areWanted() || said.has(text)) return;
  said.add(text);
  const host = notebookHost();
  if (host === undefined) console.warn(text);
  else host.display({ "text/plain": text });
}

/** Says on standard error that something is wrong, each time. */
export function warn(text: string): void {
  console.warn(text);
}

/** Lets all notes be said once more, for tests that look for the same one twice. */
export function forgetNotes(): void {
  said.clear();
}

function areWanted(): boolean {
  const state = process.env[variable] ?? "on";
  if (state !== "on" && state !== "off") {
    throw new TypeError(
      `Expected ${variable} to be "on" or "off", received ${JSON.stringify(state)}`,
    );
  }
  return state === "on";
}

// A wrong word is refused at the start, not at the first note in the middle of a training run.
areWanted();
