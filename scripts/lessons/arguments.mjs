/**
 * Parses the command line of `npm start`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** An invalid argument; the message states the rule and what was received. */
export class ArgumentError extends Error {
  code = "ERR_USAGE";
}

/**
 * Returns the numbers of the lessons, ascending: those of notebooks/lesson-N.ipynb below the
 * project's root.
 *
 * @param {string} root
 * @returns {number[]}
 */
export function lessonNumbers(root) {
  return readdirSync(join(root, "notebooks"))
    .map((name) => /^lesson-(\d+)\.ipynb$/.exec(name)?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** @type {("quick" | "full")[]} */
const modes = ["quick", "full"];
/** @satisfies {import("node:util").ParseArgsConfig["options"]} */
const options = {
  lesson: { type: "string", multiple: true },
  mode: { type: "string" },
  help: { type: "boolean", short: "h" },
};

/**
 * Parses and checks the arguments of `npm start`.
 *
 * @param {string[]} args the arguments after `npm start --`
 * @param {number[]} known the numbers of the existing lessons
 * @returns {{ lessons: number[], mode: "quick" | "full", help: boolean }} lessons in the order of
 *   `known`; all of them if the arguments name none
 * @throws {ArgumentError} if an argument is unknown or has an invalid value
 */
export function parseArguments(args, known) {
  // Not strict, because Node's own messages do not say which values are valid.
  const { values, tokens } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const help = values.help !== undefined;
  if (known.length === 0 && !help) {
    throw new ArgumentError(
      "Expected notebooks/ to hold at least one lesson-N.ipynb, received none",
    );
  }
  const lessons = new Set();
  let mode = modes[0];
  // In the order given: the first mistake explains the others.
  for (const token of tokens ?? []) {
    if (token.kind === "option-terminator") continue;
    const option = token.kind === "option" ? token.name : undefined;
    if (option === "lesson") {
      lessons.add(oneOf(known, token.value, "--lesson"));
    } else if (option === "mode") {
      mode = oneOf(modes, token.value, "--mode");
    } else if (option !== "help") {
      const received = token.kind === "option" ? token.rawName : token.value;
      throw new ArgumentError(
        `Expected the options --lesson, --mode and --help, received "${received}"`,
      );
    } else if (token.value !== undefined) {
      throw new ArgumentError(
        `Expected --help to have no value, received "${token.value}"`,
      );
    }
  }
  /** @param {number} lesson */
  const wanted = (lesson) => lessons.size === 0 || lessons.has(lesson);
  return { lessons: known.filter(wanted), mode, help };
}

/**
 * Returns the choice whose text equals the value. A bare option has the value undefined, which
 * matches none.
 *
 * @template Choice
 * @param {Choice[]} choices
 * @param {unknown} value
 * @param {string} option
 * @returns {Choice}
 */
function oneOf(choices, value, option) {
  const choice = choices.find((choice) => String(choice) === String(value));
  if (choice !== undefined) return choice;
  const received = value === undefined ? "no value" : `"${value}"`;
  throw new ArgumentError(
    `Expected ${option} to be ${listed(choices)}, received ${received}`,
  );
}

/**
 * @param {unknown[]} choices
 * @returns {string}
 */
function listed(choices) {
  const words = choices.map((choice) => JSON.stringify(choice));
  return words.length === 1
    ? words[0]
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/**
 * Returns the text that `npm start -- --help` prints.
 *
 * @param {number[]} known the numbers of the existing lessons
 * @returns {string}
 */
export function helpText(known) {
  return `Usage: npm start -- [options]

Runs setup if necessary, then runs the lessons cell by cell in the project's kernel.

  --lesson N   run only this lesson; may be repeated. Available: ${known.join(", ") || "none"}.
  --mode MODE  quick (default): part of the data and few epochs, under two minutes per lesson, no downloads.
               full: data and epochs as in the lesson's source; downloads missing data sets.
  -h, --help   print this text.

Data sets are searched for in the folder that CONVNOTES_DATA names, in the cache and in system packages. If there are
none, quick mode uses synthetic images. The table at the end shows which images were used.

Files written to out/: lesson-N.ipynb (the executed notebook), lesson-N.html (the same as a page that opens in any
browser, without a network), results.json (the table, of this run only). A lesson that fails leaves
lesson-N.failed.ipynb instead.

Exit code: 0 if all lessons ran, 1 if a lesson failed, 2 for invalid arguments, 130 after Ctrl-C.`;
}
