// Is there room? Asked before anything is begun, since a full disk shows late and in strange ways.

import fs from "node:fs";
import { root } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/**
 * @param {number} bytes
 * @returns {string} For people, in gigabytes.
 */
export function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/**
 * Checks that the checkout's disk has room for what is still to be made.
 *
 * @param {number} needed Bytes.
 * @throws {SetupError} Where there is less.
 */
export function checkRoom(needed) {
  const { bavail, bsize } = fs.statfsSync(root);
  const free = bavail * bsize;
  if (free < needed)
    throw new SetupError(
      `Expected ${gigabytes(needed)} of free disk for set-up, found ${gigabytes(free)} in ${root}.`,
      `free some space (\`df -h ${root}\` shows how much there is), then ${commandToRepeat()}`,
    );
}

/**
 * Checks that the checkout can be written to.
 *
 * @throws The system's error where it cannot.
 */
export function checkWritable() {
  fs.accessSync(root, fs.constants.W_OK);
}
