// What Node's runner counted, in one run or in several.

import fs from "node:fs";

/** @typedef {import("./tally-reporter.mjs").Tally} Tally */

/** @returns {Tally} Of no run at all. */
export const noTally = () => ({ counts: {}, skips: [] });

/**
 * Reads what tally-reporter.mjs wrote, and removes the file.
 *
 * @param {string} file
 * @returns {Tally} Empty where the runner did not come to its end.
 */
export function takeTally(file) {
  if (!fs.existsSync(file)) return noTally();
  const text = fs.readFileSync(file, "utf8");
  fs.rmSync(file);
  return text === "" ? noTally() : JSON.parse(text);
}

/**
 * @param {Tally} one
 * @param {Tally} other
 * @returns {Tally} Of both runs.
 */
export function addTallies(one, other) {
  const counts = { ...one.counts };
  for (const [name, count] of Object.entries(other.counts))
    counts[name] = (counts[name] ?? 0) + count;
  return { counts, skips: [...one.skips, ...other.skips] };
}
