/**
 * Benchmarks reading a data set's files into arrays: time and memory, compared with NumPy.
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

Reads CIFAR-10's six binary files into arrays of bytes, channels last, or Fashion-MNIST's four gzipped files,
alternately with convnotes and NumPy. Each measurement is a new process, with the files in the system's cache. Prints
the medians of time and peak memory.

CIFAR-10: uses the files in the folder named by CONVNOTES_DATA, or files of the same size with random contents.
Fashion-MNIST: uses the files of Debian's package dataset-fashion-mnist. convnotes also computes their SHA-256.

  --set NAME   cifar-10 (default) or fashion-mnist
  --turns N    measurements of each (default: 9)
  --json FILE  write the values of every measurement to FILE`;

const NAMES = [
  ...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  "test_batch.bin",
];
const RECORDS = 10_000;
const RECORD = 1 + 3 * 32 * 32;
/** Bytes of all images and labels of each data set. */
const DATA = {
  "cifar-10": NAMES.length * RECORDS * RECORD,
  "fashion-mnist": 70_000 * (28 * 28 + 1),
};
/** The folder of Debian's package dataset-fashion-mnist. */
const PACKAGE = "/usr/share/datasets/fashion-mnist";
const MAX_TIME_RATIO = 1.2;
const MAX_MEMORY_RATIO = 2;

/** @typedef {{seconds: number, cpuSeconds: number, peak: number, empty: number}} Reading */
/** @typedef {keyof typeof DATA} SetName */

const ours = [
  process.execPath,
  "--require",
  typeScriptRegister,
  join("bench", "data", "convnotes.ts"),
];
const numPy = [projectPython, join("bench", "data", "numpy_peer.py")];

/** @type {Readonly<Record<SetName, Readonly<Record<string, string[]>>>>} */
const readers = {
  "cifar-10": {
    convnotes: [...ours, "--set=cifar-10"],
    "NumPy, concatenated": [...numPy, "--way=concatenated"],
    "NumPy, in place": [...numPy, "--way=in place"],
  },
  "fashion-mnist": {
    convnotes: [...ours, "--set=fashion-mnist"],
    NumPy: [...numPy, "--way=gzipped"],
  },
};

/** The options, as for parseArgs. */
export const options = {
  set: { type: "string", default: "cifar-10" },
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
  const set = setName(values.set);
  if (set === "fashion-mnist") {
    console.log(`Fashion-MNIST's four files, ${megabytes(DATA[set])} MB.`);
    return compare(set, PACKAGE, turns, json);
  }
  const existing = existingFiles();
  const folder = existing ?? createFiles();
  try {
    console.log(
      `CIFAR-10's six files, ${megabytes(DATA[set])} MB, ${existing === undefined ? "of random bytes" : "from the folder in CONVNOTES_DATA"}.`,
    );
    return compare(set, folder, turns, json);
  } finally {
    if (existing === undefined) rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} given
 * @returns {SetName}
 */
function setName(given) {
  if (given !== "cifar-10" && given !== "fashion-mnist") {
    throw new BenchError(
      "ERR_USAGE",
      `Expected --set to be cifar-10 or fashion-mnist, received ${given}`,
    );
  }
  if (given === "fashion-mnist" && !existsSync(PACKAGE)) {
    throw new BenchError(
      "ERR_USAGE",
      `Expected Debian's package dataset-fashion-mnist, found no ${PACKAGE}`,
    );
  }
  return given;
}

/**
 * Measures the readers alternately and prints the results.
 *
 * @param {SetName} set
 * @param {string} folder
 * @param {number} turns
 * @param {string | undefined} json A file for the values of every measurement.
 * @returns {number} The exit code.
 */
function compare(set, folder, turns, json) {
  const names = Object.keys(readers[set]);
  // The first turn is not measured: it loads the files into the system's cache and checks that all
  // readers agree.
  const digests = names.map((name) =>
    measure(readers[set][name], "--folder", folder, "--digest"),
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
      const reader = readers[set][name];
      const reading = {
        ...measure(reader, "--folder", folder),
        empty: measure(reader).peak,
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
        cpuSeconds: median(values.map(({ cpuSeconds }) => cpuSeconds)),
        peak: median(values.map(({ peak }) => peak)),
        added: median(values.map(({ peak, empty }) => peak - empty)),
      },
    ]),
  );
  const { convnotes } = Object.fromEntries(results);
  console.log(
    textTable(
      [
        "",
        "ms",
        "fastest",
        "our time / its",
        "CPU ms",
        "MB",
        "without process",
        "of data",
      ],
      [...results].map(
        ([name, { seconds, fastest, cpuSeconds, peak, added }]) => [
          name,
          (seconds * 1000).toFixed(0),
          (fastest * 1000).toFixed(0),
          (convnotes.seconds / seconds).toFixed(2),
          (cpuSeconds * 1000).toFixed(0),
          megabytes(peak),
          megabytes(added),
          (added / DATA[set]).toFixed(2),
        ],
      ),
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
 * @param {string[]} reader The program and its first parameters.
 * @param {string[]} parameters
 */
function measure(reader, ...parameters) {
  const [program, ...own] = reader;
  const { stdout, stderr, status } = spawnSync(
    program,
    [...own, ...parameters],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new BenchError(
      "ERR_PROCESS",
      `${reader.join(" ")} failed:\n${stderr}`,
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
