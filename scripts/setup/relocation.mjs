// A Python environment knows its own place: the programs in bin/ begin with the absolute path of its interpreter. When the
// checkout has moved, putting the new path into these few small files takes a moment; making the environment anew takes
// more than a minute.

import fs from "node:fs";
import path from "node:path";
import { writeWhole } from "./stamp.mjs";

/** Linux reads no more than this of a program's first line, in bytes. */
const longestFirstLine = 127;
/** Files in bin/ that are larger are no scripts, in bytes. */
const largestScript = 64_000;

/**
 * Corrects the paths in a moved environment.
 *
 * @param {string} environment The environment's folder as it is now.
 * @param {string} oldRoot The checkout's folder when the environment was made.
 * @returns {boolean} False where it cannot be corrected so and must be made anew: pip starts programs in another way
 *   where the path is long or holds a space.
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
    writeWhole(file, text.replaceAll(before, environment));
    fs.chmodSync(file, mode);
  }
  return true;
}
