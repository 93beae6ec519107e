// Checks for disk space and write permission before setup begins, since a full disk shows late and
// in unexpected ways.

import fs from "node:fs";
import { root } from "./project.mjs";
import {
  SetupError,
  commandToRepeat,
} from "../../src/engine/setup/setup-error.mjs";

/**
 * @param {number} bytes
 * @returns {string} The size in gigabytes, as text.
 */
export function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/**
 * Checks that a disk has enough free space.
 *
 * @param {number} needed Bytes.
 * @param {object} [place]
 * @param {string} [place.what] What needs the space.
 * @param {string} [place.folder] An existing folder on the disk; the checkout by default.
 * @throws {SetupError} If there is less.
 */
export function checkDiskSpace(needed, { what = "setup", folder = root } = {}) {
  const { bavail, bsize } = fs.statfsSync(folder);
  const free = bavail * bsize;
  if (free < needed)
    throw new SetupError(
      "ERR_DISK",
      `Expected ${gigabytes(needed)} of free disk for ${what}, found ${gigabytes(free)} in ${folder}.`,
      `free some space (\`df -h ${folder}\` shows how much there is), then ${commandToRepeat()}`,
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
