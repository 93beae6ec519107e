// Checks for disk space and write permission before setup begins, since a full disk shows late and
// in unexpected ways.

import fs from "node:fs";
import { root } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/**
 * @param {number} bytes
 * @returns {string} The size in gigabytes, as text.
 */
export function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/**
 * Checks that the checkout's disk has enough free space for the missing artifacts.
 *
 * @param {number} needed Bytes.
 * @throws {SetupError} If there is less.
 */
export function checkDiskSpace(needed) {
  const { bavail, bsize } = fs.statfsSync(root);
  const free = bavail * bsize;
  if (free < needed)
    throw new SetupError(
      "ERR_DISK",
      `Expected ${gigabytes(needed)} of free disk for setup, found ${gigabytes(free)} in ${root}.`,
      `free some space (\`df -h ${root}\` shows how much there is), then ${commandToRepeat()}`,
    );
}

/**
 * Checks that the checkout is writable.
 *
 * @throws The system's error if it is not.
 */
export function checkWritable() {
  fs.accessSync(root, fs.constants.W_OK);
}
