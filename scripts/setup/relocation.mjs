// Corrects the absolute paths in a moved Python environment.
// The programs in bin/ begin with the absolute path of their interpreter. Rewriting these few small
// files is immediate; re-creating the environment takes more than a minute.

import fs from "node:fs";
import path from "node:path";
import { writeAtomically } from "../../src/engine/setup/stamp.mjs";

/** Linux reads at most this much of a program's first line, in bytes. */
const longestFirstLine = 127;
/** Larger files in bin/ are not scripts, in bytes. */
const largestScript = 64_000;

/**
 * Corrects the paths in a moved environment.
 *
 * @param {string} environment The environment's current folder.
 * @param {string} oldRoot The checkout's folder when the environment was created.
 * @returns {boolean} False if the environment must be re-created: pip writes a different first line
 *   if the path is long or contains a space.
 */
export function relocate(environment, oldRoot) {
  const before = path.join(oldRoot, path.basename(environment));
  for (const folder of [before, environment]) {
    const line = `#!${path.join(folder, "bin", "python3.13")}`;
    if (Buffer.byteLength(line) > longestFirstLine || /\s/.test(folder))
      return false;
  }
  const programs = fs
    .readdirSync(path.join(environment, "bin"), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(environment, "bin", entry.name));
  for (const file of [...programs, path.join(environment, "pyvenv.cfg")]) {
    const { size, mode } = fs.statSync(file);
    if (size > largestScript) continue;
    const text = fs.readFileSync(file, "utf8");
    if (!text.includes(before)) continue;
    writeAtomically(file, text.replaceAll(before, environment));
    fs.chmodSync(file, mode);
  }
  return true;
}
