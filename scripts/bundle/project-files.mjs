// The files of the project: those that git tracks, as they are in the checkout now.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { SetupError } from "../../src/engine/setup/setup-error.mjs";

/**
 * @param {string} checkout
 * @param {string[]} [options] Of `git ls-files`; the files that git tracks by default.
 * @returns {string[]} Paths relative to the checkout. A file that was deleted is not listed.
 * @throws {SetupError} If the folder is no git repository, or there is no git.
 */
export function projectFiles(checkout, options = []) {
  /** @type {string} */
  let listed;
  try {
    listed = execFileSync("git", ["ls-files", "-z", ...options], {
      cwd: checkout,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    throw new SetupError(
      "ERR_FILE_MISSING",
      `Expected ${checkout} to be a git repository, and git on the search path.`,
      "make the bundle in a clone",
    );
  }
  return listed
    .split("\0")
    .filter((name) => name !== "" && fs.existsSync(path.join(checkout, name)));
}

/**
 * Copies the project's files.
 *
 * @param {string} checkout
 * @param {string} folder
 * @returns {number} How many files are left out because git neither tracks nor ignores them.
 * @throws {SetupError} As {@link projectFiles} does.
 */
export function copyProject(checkout, folder) {
  for (const name of projectFiles(checkout))
    fs.cpSync(path.join(checkout, name), path.join(folder, name));
  return projectFiles(checkout, ["--others", "--exclude-standard"]).length;
}
