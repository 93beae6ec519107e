// Which test files run beside each other.

import os from "node:os";
import path from "node:path";

/**
 * Folders whose tests compute and compare. The others start kernels, browsers, servers and set-ups and wait for them, so that a
 * core kept free is what their time limits count on.
 */
const computing = new Set([
  "engine",
  "keras",
  "models",
  "notebook",
  "parity",
  "plots",
  "training",
]);
/** Test files at work at the same time, at most: some of them start kernels that take half a gigabyte each. */
const mostAtOnce = 4;

/**
 * Shares test files out to runs of Node's runner, one after the other.
 *
 * @param {string} folder The tests' folder.
 * @param {string[]} files
 * @param {number} [cores]
 * @returns {{ files: string[], atOnce: number }[]} None of them empty.
 */
export function lanes(folder, files, cores = os.availableParallelism()) {
  const computes = (/** @type {string} */ file) =>
    computing.has(path.relative(folder, file).split(path.sep)[0] ?? "");
  return [
    { files: files.filter(computes), atOnce: cores },
    { files: files.filter((file) => !computes(file)), atOnce: cores - 1 },
  ]
    .filter((lane) => lane.files.length > 0)
    .map((lane) => ({
      files: lane.files,
      atOnce: Math.max(1, Math.min(mostAtOnce, lane.atOnce)),
    }));
}
