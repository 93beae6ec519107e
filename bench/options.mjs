/**
 * Reads the command line of a benchmark. For an unknown word, the error names the nearest one.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { nearest } from "../src/notebook/bin/nearest.mjs";
import { BenchError } from "./bench-error.mjs";

/**
 * @param {readonly string[]} parameters The command line after the benchmark's name.
 * @param {import("node:util").ParseArgsConfig["options"]} options The benchmark's options.
 * @returns {Record<string, any>} Their values, and `help`.
 * @throws {BenchError} If an option is unknown.
 * @throws {TypeError} If an option lacks its value, with Node's code ERR_PARSE_ARGS_….
 */
export function readOptions(parameters, options) {
  /** @type {import("node:util").ParseArgsConfig["options"]} */
  const known = { ...options, help: { type: "boolean", short: "h" } };
  const { tokens } = parseArgs({
    args: [...parameters],
    options: known,
    strict: false,
    tokens: true,
  });
  for (const token of tokens ?? []) {
    if (token.kind === "option" && !Object.hasOwn(known, token.name))
      throw unknownWord(
        "an option of this benchmark:",
        Object.keys(known).map((name) => `--${name}`),
        token.rawName,
      );
  }
  return parseArgs({ args: [...parameters], options: known }).values;
}

/**
 * Returns the items of a list that an option names, in the list's order.
 *
 * @param {string} option
 * @param {string | undefined} names Separated by commas; all by default.
 * @param {readonly string[]} known
 * @throws {BenchError} If a name is not in the list.
 */
export function choose(option, names, known) {
  const wanted = names?.split(",") ?? known;
  for (const name of wanted) {
    if (!known.includes(name)) {
      throw unknownWord(`${option} to name some of`, known, name);
    }
  }
  return known.filter((name) => wanted.includes(name));
}

/**
 * @param {string} option
 * @param {string} value
 * @param {number} least
 * @throws {BenchError} If the value is not a whole number of at least `least`.
 */
export function wholeNumber(option, value, least) {
  const number = Number(value);
  if (value.trim() !== "" && Number.isInteger(number) && number >= least) {
    return number;
  }
  throw new BenchError(
    "ERR_USAGE",
    `Expected ${option} to be a whole number of at least ${least}, received "${value}".`,
  );
}

/**
 * @param {string} option
 * @param {string} value
 * @throws {BenchError} If the value is not a number above 0.
 */
export function positiveNumber(option, value) {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new BenchError(
    "ERR_USAGE",
    `Expected ${option} to be a number above 0, received "${value}".`,
  );
}

/**
 * Checks before a measurement that its results can be written.
 *
 * @param {string} option
 * @param {string | undefined} file
 * @returns {string | undefined} The file.
 * @throws {BenchError} If its folder does not exist, or it is a folder itself.
 */
export function outputFile(option, file) {
  if (file === undefined) return undefined;
  const is = (/** @type {string} */ path) =>
    statSync(path, { throwIfNoEntry: false });
  if (file !== "" && is(dirname(resolve(file)))?.isDirectory()) {
    if (!is(file)?.isDirectory()) return file;
  }
  throw new BenchError(
    "ERR_USAGE",
    `Expected ${option} to be a file in an existing folder, received "${file}".`,
  );
}

/**
 * @param {string} option
 * @param {string} file
 * @returns {any} The JSON value in the file.
 * @throws {BenchError} If there is no such file, or it is not JSON.
 */
export function jsonFile(option, file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new BenchError(
      "ERR_USAGE",
      `Expected ${option} to be a JSON file, received "${file}": ${message}.`,
    );
  }
}

/**
 * @param {string} what
 * @param {readonly string[]} known At least one.
 * @param {string} received
 * @returns {BenchError} Names the nearest of the known words, if one is near.
 */
export function unknownWord(what, known, received) {
  const suggestion = nearest(received, known);
  const hint = suggestion === undefined ? "" : ` The nearest is ${suggestion}.`;
  return new BenchError(
    "ERR_USAGE",
    `Expected ${what} ${known.join(", ")}, received "${received}".${hint}`,
  );
}
