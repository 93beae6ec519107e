// Checks that students' accounts can read what they need: the checkout, Node and Python.

import fs from "node:fs";
import path from "node:path";
import {
  SetupError,
  commandToRepeat,
} from "../../src/engine/setup/setup-error.mjs";

/** The bits of a mode that let every account enter a folder, or read and run a program. */
const enter = 0o001;
const readAndRun = 0o005;

/**
 * Finds the first folder on a path, or the path itself, that other accounts cannot use.
 *
 * @param {string} place An absolute path without links.
 * @returns {string | undefined} Undefined if every account can read it and enter it or run it.
 */
export function closedPart(place) {
  const parents = [];
  for (let folder = path.dirname(place); ; folder = path.dirname(folder)) {
    parents.unshift(folder);
    if (folder === path.dirname(folder)) break;
  }
  const closed = parents.find(
    (folder) => (fs.statSync(folder).mode & enter) === 0,
  );
  if (closed !== undefined) return closed;
  return (fs.statSync(place).mode & readAndRun) === readAndRun
    ? undefined
    : place;
}

/**
 * Fails if the hub runs as root and students cannot use a file or folder. Any other account starts
 * servers for itself only.
 *
 * @param {string} place An absolute path without links.
 * @param {"Python" | "Node.js" | "the checkout"} what
 * @throws {SetupError} Code `ERR_INVALID_STATE`.
 */
export function requireReadable(place, what) {
  if (process.getuid?.() !== 0) return;
  const closed = closedPart(place);
  if (closed === undefined) return;
  const remedies = {
    Python: `CONVNOTES_PYTHON=/usr/bin/python3 ${commandToRepeat()}, with a Python of the system`,
    "Node.js": `install Node.js for the whole system, then ${commandToRepeat()}`,
    "the checkout": `move it to a folder such as /opt, then ${commandToRepeat()} there`,
  };
  throw new SetupError(
    "ERR_INVALID_STATE",
    `Expected ${what} to be readable by every account, received ${place}: ${closed} is closed to others.`,
    remedies[what],
  );
}
