// Selects the test files of a run.

import fs from "node:fs";
import path from "node:path";

const suffix = ".test.ts";
/** The folder of the tests that take minutes, which run separately. */
const longFolder = "long";

/**
 * Lists test files. Node 20's runner does not support patterns.
 *
 * @param {string} folder The tests' folder.
 * @param {{ long: boolean, filters: string[] }} choice `long` selects the long tests instead of the
 *   others; `filters` keeps the files whose path below the folder begins with one of them.
 * @returns {string[]} Paths, sorted.
 */
export function testFiles(folder, { long, filters }) {
  return filesBelow(folder)
    .map((file) => path.relative(folder, file))
    .filter((file) => file.endsWith(suffix))
    .filter((file) => (file.split(path.sep)[0] === longFolder) === long)
    .filter(
      (file) =>
        filters.length === 0 ||
        filters.some((filter) => matches(file, filter.replace(/^test\//, ""))),
    )
    .sort()
    .map((file) => path.join(folder, file));
}

/**
 * @param {string} file
 * @param {string} filter
 */
function matches(file, filter) {
  const name = filter.replace(/\/$/, "");
  return [name, `${name}${suffix}`, `${longFolder}/${name}`].some(
    (start) =>
      file === start ||
      file === `${start}${suffix}` ||
      file.startsWith(`${start}/`),
  );
}

/**
 * @param {string} folder
 * @returns {string[]} Every file in it and its subfolders.
 */
function filesBelow(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesBelow(path.join(folder, entry.name))
        : [path.join(folder, entry.name)],
    );
}
