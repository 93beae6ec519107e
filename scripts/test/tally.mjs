// Reads and adds the counts of Node's test runner.

import fs from "node:fs";

/** @typedef {import("./tally-reporter.mjs").Tally} Tally */

/** @returns {Tally} The tally of no tests. */
export const noTally = () => ({ counts: {}, skips: [], seconds: {} });

/**
 * Reads the output of tally-reporter.mjs and removes the file.
 *
 * @param {string} file
 * @returns {Tally} Empty if the runner was cut off.
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
 * @returns {Tally} The sum of both runs.
 */
export function addTallies(one, other) {
  const counts = { ...one.counts };
  for (const [name, count] of Object.entries(other.counts))
    counts[name] = (counts[name] ?? 0) + count;
  return {
    counts,
    skips: [...one.skips, ...other.skips],
    seconds: { ...one.seconds, ...other.seconds },
  };
}

/**
 * @param {Tally} tally
 * @param {number} [count]
 * @returns {[file: string, seconds: number][]} The files whose tests took longest, slowest first.
 */
export function slowestFiles({ seconds }, count = 15) {
  return Object.entries(seconds)
    .sort(([, one], [, other]) => other - one)
    .slice(0, count);
}
