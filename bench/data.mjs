/**
 * Benchmarks reading CIFAR-10's files into an array: time and memory, compared with NumPy.
 */
import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BenchError } from "./bench-error.mjs";
import { benchDocument } from "./document.mjs";
import { root, typeScriptRegister } from "./job.mjs";
import { outputFile, wholeNumber } from "./options.mjs";
import { lastLineValue } from "./process.mjs";
import { projectPython } from "./python-environment.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- data [options]

Reads CIFAR-10's six binary files into arrays of bytes, channels last, alternately with convnotes and NumPy. Each
measurement is a new process, with the files in the system's cache. Prints the medians of time and peak memory.

Uses the files in the folder named by CONVNOTES_DATA, or files of the same size with random contents.

  --turns N    measurements of each (default: 9)
  --json FILE  write the values of every measurement to FILE`;

const NAMES = [
  ...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  "test_batch.bin",
];
const RECORDS = 10_000;
const RECORD = 1 + 3 * 32 * 32;
/** Bytes of all images and labels. */
const DATA = NAMES.length * RECORDS * RECORD;
const MAX_TIME_RATIO = 1.2;
const MAX_MEMORY_RATIO = 2;

/** @typedef {{seconds: number, peak: number, empty: number}} Reading */

/** @type {Readonly<Record<string, string[]>>} */
const readers = {
  convnotes: [
    process.execPath,
    "--require",
    typeScriptRegister,
    join("bench", "data", "convnotes.ts"),
  ],
  "NumPy, concatenated": [
    projectPython,
    join("bench", "data", "numpy_peer.py"),
    "--way=concatenated",
  ],
  "NumPy, in place": [
    projectPython,
    join("bench", "data", "numpy_peer.py"),
    "--way=in place",
  ],
};

/** The options, as for parseArgs. */
export const options = {
  turns: { type: "string", default: "9" },
  json: { type: "string" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code: 1 if the readers return different data.
 * @throws {BenchError} If an option is invalid, or a reader fails.
 */
export async function run(values) {
  const turns = wholeNumber("--turns", values.turns, 1);
  const json = outputFile("--json", values.json);
  const existing = existingFiles();
  const folder = existing ?? createFiles();
  try {
    console.log(
      `CIFAR-10's six files, ${megabytes(DATA)} MB, ${existing === undefined ? "of random bytes" : "from the folder in CONVNOTES_DATA"}.`,
    );
    return compare(folder, turns, json);
  } finally {
    if (existing === undefined) rmSync(folder, { recursive: true });
  }
}

/**
 * Measures the readers alternately and prints the results.
 *
 * @param {string} folder
 * @param {number} turns
 * @param {string | undefined} json A file for the values of every measurement.
 * @returns {number} The exit code.
 */
function compare(folder, turns, json) {
  const names = Object.keys(readers);
  // The first turn is not measured: it loads the files into the system's cache and checks that all
  // readers agree.
  const digests = names.map((name) =>
    measure(name, "--folder", folder, "--digest"),
  );
  if (new Set(digests.map(({ digest }) => digest)).size !== 1) {
    console.error("The readers return different data.");
    return 1;
  }
  /** @type {Map<string, Reading[]>} */
  const measured = new Map();
  for (let turn = 0; turn < turns; turn += 1) {
    for (let position = 0; position < names.length; position += 1) {
      const name = names[(position + turn) % names.length];
      const reading = {
        ...measure(name, "--folder", folder),
        empty: measure(name).peak,
      };
      measured.set(name, [...(measured.get(name) ?? []), reading]);
    }
  }
  if (json !== undefined) {
    const rows = [...measured].map(([title, each]) => ({
      title,
      runs: {
        [title]: each.map(({ seconds, peak, empty }) => ({
          seconds,
          added: peak - empty,
        })),
      },
    }));
    writeFileSync(json, benchDocument("data", { turns }, rows));
  }
  const results = new Map(
    [...measured].map(([name, values]) => [
      name,
      {
        seconds: median(values.map(({ seconds }) => seconds)),
        fastest: Math.min(...values.map(({ seconds }) => seconds)),
        peak: median(values.map(({ peak }) => peak)),
        added: median(values.map(({ peak, empty }) => peak - empty)),
      },
    ]),
  );
  const { convnotes: ours } = Object.fromEntries(results);
  console.log(
    textTable(
      [
        "",
        "ms",
        "fastest",
        "our time / its",
        "MB",
        "without process",
        "of data",
      ],
      [...results].map(([name, { seconds, fastest, peak, added }]) => [
        name,
        (seconds * 1000).toFixed(0),
        (fastest * 1000).toFixed(0),
        (ours.seconds / seconds).toFixed(2),
        megabytes(peak),
        megabytes(added),
        (added / DATA).toFixed(2),
      ]),
    ),
  );
  console.log(
    `Goal: at most ${MAX_TIME_RATIO} times NumPy's time, and at most ${MAX_MEMORY_RATIO} times the data in memory.`,
  );
  return 0;
}

/**
 * Measures one reader in a separate process and returns its output.
 *
 * @param {string} name
 * @param {string[]} parameters
 */
function measure(name, ...parameters) {
  const [program, ...own] = readers[name];
  const { stdout, stderr, status } = spawnSync(
    program,
    [...own, ...parameters],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new BenchError(
      "ERR_PROCESS",
      `${name} could not be measured:\n${stderr}`,
    );
  }
  return lastLineValue(stdout);
}

/** Returns the folder in CONVNOTES_DATA if it contains CIFAR-10 completely. */
function existingFiles() {
  const variable = process.env.CONVNOTES_DATA;
  if (!variable) return undefined;
  const folder = join(variable, "cifar-10-batches-bin");
  const isWhole = NAMES.every((name) => {
    const file = join(folder, name);
    return existsSync(file) && statSync(file).size === RECORDS * RECORD;
  });
  return isWhole ? folder : undefined;
}

/** Creates a folder of files of the right size, with valid labels and random pixels. */
function createFiles() {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-bench-"));
  const bytes = Buffer.alloc(RECORDS * RECORD);
  for (const name of NAMES) {
    randomFillSync(bytes);
    for (let start = 0; start < bytes.length; start += RECORD) {
      bytes[start] %= 10;
    }
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
