// Splits test files into batches that run one after another.

import os from "node:os";
import path from "node:path";

/**
 * Folders whose tests are CPU-bound. The others start kernels, browsers, servers and setups and
 * wait for them; their time limits rely on one free core.
 */
const cpuBound = new Set([
  "engine",
  "formats",
  "keras",
  "models",
  "notebook",
  "parity",
  "plots",
  "training",
]);
/** Maximum number of concurrent test files: some start kernels that take half a gigabyte each. */
const maxConcurrency = 4;

/**
 * Splits test files into batches, each for one call of Node's runner.
 *
 * @param {string} folder The tests' folder.
 * @param {string[]} files
 * @param {number} [cores]
 * @returns {{ files: string[], concurrency: number }[]} No batch is empty.
 */
export function batches(folder, files, cores = os.availableParallelism()) {
  const isCpuBound = (/** @type {string} */ file) =>
    cpuBound.has(path.relative(folder, file).split(path.sep)[0] ?? "");
  return [
    { files: files.filter(isCpuBound), concurrency: cores },
    {
      files: files.filter((file) => !isCpuBound(file)),
      concurrency: cores - 1,
    },
  ]
    .filter((batch) => batch.files.length > 0)
    .map((batch) => ({
      files: batch.files,
      concurrency: Math.max(1, Math.min(maxConcurrency, batch.concurrency)),
    }));
}
