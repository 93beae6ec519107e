/**
 * Condenses the results of a benchmark for storage: medians and ranges instead of every
 * measurement.
 */
import { median } from "./statistics.mjs";

/**
 * The stored form of a benchmark's results.
 *
 * @typedef {{median: number, least: number, most: number}} Spread
 *
 * @typedef {object} Row
 * @property {string} title
 * @property {string} model Of training's results, as the next two.
 * @property {number} batchSize
 * @property {number} width
 * @property {Record<string, Record<string, Spread>>} figures By competitor and value.
 *
 * @typedef {object} Document
 * @property {string} date
 * @property {Partial<import("./machine.mjs").Machine>} machine
 * @property {string} command
 * @property {string} [note] What differs for some rows.
 * @property {{turns?: number}} [settings]
 * @property {Row[]} results
 */

/**
 * @param {any} document The document that a benchmark wrote with `--json`.
 * @returns {Document} The document with a median and a range per value.
 */
export function condensed({ date, machine, command, settings, results }) {
  return {
    date: date.slice(0, 10),
    machine,
    command,
    settings,
    results: results.map(condensedResult),
  };
}

/**
 * @param {any} result One row; `runs` has the measurements of each competitor.
 * @returns {Row}
 */
function condensedResult(result) {
  const row = Object.entries(result).filter(
    ([name]) => !["runs", "medians", "ratios", "failures"].includes(name),
  );
  const figures = Object.entries(result.runs).map(([name, turns]) => [
    name,
    condensedTurns(turns),
  ]);
  return /** @type {Row} */ ({
    ...Object.fromEntries(row),
    figures: Object.fromEntries(figures),
  });
}

/**
 * @param {readonly Record<string, unknown>[]} turns
 * @returns {Record<string, { median: number, least: number, most: number }>} The median and the
 *   range of every value.
 */
function condensedTurns(turns) {
  const names = Object.keys(turns[0] ?? {}).filter((name) =>
    turns.every((turn) => typeof turn[name] === "number"),
  );
  return Object.fromEntries(
    names.map((name) => {
      const values = turns.map((turn) => /** @type {number} */ (turn[name]));
      return [
        name,
        {
          median: rounded(median(values)),
          least: rounded(Math.min(...values)),
          most: rounded(Math.max(...values)),
        },
      ];
    }),
  );
}

/**
 * @param {number} value
 * @returns {number} The value to four significant digits.
 */
function rounded(value) {
  return Number(value.toPrecision(4));
}
