/**
 * Lessons from the command line: what `npm start` can be told.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** An argument that breaks a rule; the message says which, and what was received. */
export class ArgumentError extends Error {}

/**
 * The numbers of the lessons there are, ascending: those of notebooks/lesson-N.ipynb below the project's root.
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
 * Reads and checks the arguments of `npm start`.
 *
 * @param {string[]} args what stands behind `npm start --`
 * @param {number[]} known the numbers of the lessons there are
 * @returns {{ lessons: number[], mode: "quick" | "full", help: boolean }} lessons in the order of `known`; all of them
 *   where the arguments name none
 * @throws {ArgumentError} if an argument is unknown or its value is none of those it can have
 */
export function parseArguments(args, known) {
  // Not strict: Node's own messages do not say what would be right.
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
  // In the order they stand in: the first mistake is the one that explains the others.
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
 * The choice that is written as the value; a bare option has the value undefined, which is none.
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
 * What `npm start -- --help` prints.
 *
 * @param {number[]} known the numbers of the lessons there are
 * @returns {string}
 */
export function helpText(known) {
  return `npm start -- [--lesson N]... [--mode quick|full] [--help]

Sets the project up where it is not yet, then runs lessons cell by cell in the project's own kernel.

  --lesson N   run this lesson only; may stand several times. There are: ${known.join(", ") || "none"}.
  --mode MODE  quick (default): a slice of the data and few epochs, under two minutes a lesson, nothing is downloaded.
               full: as the lesson's source set it.
  --help, -h   this text.

  CONVNOTES_DATA, an environment variable, names the folder that holds the data sets. Without it, quick mode takes the
  cache, and where that is empty, stand-in pictures drawn by code. Which it was stands in the table at the end.

Written to out/: lesson-N.ipynb (the executed notebook), lesson-N.html (its page, opens in any browser, no network
needed), results.json (the table, of this run only). A lesson that fails leaves lesson-N.failed.ipynb instead.

Exit code: 0 all lessons ran, 1 a lesson failed, 2 wrong arguments, 130 stopped by Ctrl-C.`;
}
