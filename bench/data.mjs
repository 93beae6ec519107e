/**
 * How long CIFAR-10's files take to become an array, beside NumPy, and how much memory.
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
import { parseArgs } from "node:util";
import { root, typeScriptRegister, wholeNumber } from "./job.mjs";
import { projectPython } from "./python-environment.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

const HELP = `Usage: npm run bench -- data [options]

Reads CIFAR-10's six binary files into arrays of bytes, channels last, with convnotes and with NumPy by turns, each time in a fresh
process that has the files in the system's cache, and prints the medians of the times and the most memory that it took.

The files are those in the folder that CONVNOTES_DATA names, or else of the same size with random contents.

  --turns N   turns of each (9)`;

const NAMES = [
  ...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  "test_batch.bin",
];
const RECORDS = 10_000;
const RECORD = 1 + 3 * 32 * 32;
/** Bytes of all pictures and labels. */
const DATA = NAMES.length * RECORDS * RECORD;
const MOST_TIME = 1.2;
const MOST_MEMORY = 2;

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

/**
 * Runs the bench.
 *
 * @param {string[]} parameters Of the command line.
 * @returns {Promise<number>} The exit code: 1 if the readers do not agree on what is in the files.
 * @throws {Error} On an option that cannot be, or if a reader fails.
 */
export async function run(parameters) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      turns: { type: "string", default: "9" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const turns = wholeNumber("--turns", values.turns, 1);
  const found = foundFiles();
  const folder = found ?? makeFiles();
  try {
    console.log(
      `CIFAR-10's six files, ${megabytes(DATA)} MB, ${found === undefined ? "of random bytes" : "from the folder in CONVNOTES_DATA"}.`,
    );
    return compare(folder, turns);
  } finally {
    if (found === undefined) rmSync(folder, { recursive: true });
  }
}

function compare(folder, turns) {
  const names = Object.keys(readers);
  // The first turn is not measured: it brings the files into the system's cache, and shows that all read the same.
  const digests = names.map((name) =>
    measure(name, "--folder", folder, "--digest"),
  );
  if (new Set(digests.map(({ digest }) => digest)).size !== 1) {
    console.error("The readers do not agree on what is in the files.");
    return 1;
  }
  const measured = new Map(names.map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(place + turn) % names.length];
      measured.get(name).push({
        ...measure(name, "--folder", folder),
        empty: measure(name).peak,
      });
    }
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
  const ours = results.get("convnotes");
  console.log(
    textTable(
      ["", "ms", "fastest", "ms of ours / its", "MB", "less empty", "of data"],
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
    `Asked for: at most ${MOST_TIME} times NumPy's time, and memory of at most ${MOST_MEMORY} times the data.`,
  );
  return 0;
}

/** One process; what it has printed. */
function measure(name, ...parameters) {
  const [program, ...own] = readers[name];
  const { stdout, stderr, status } = spawnSync(
    program,
    [...own, ...parameters],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new Error(`${name} could not be measured:\n${stderr}`);
  }
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** The folder in CONVNOTES_DATA if CIFAR-10 is in it, whole. */
function foundFiles() {
  const variable = process.env.CONVNOTES_DATA;
  if (!variable) return undefined;
  const folder = join(variable, "cifar-10-batches-bin");
  const isWhole = NAMES.every((name) => {
    const file = join(folder, name);
    return existsSync(file) && statSync(file).size === RECORDS * RECORD;
  });
  return isWhole ? folder : undefined;
}

/** A folder of files of the right size: labels that can be, pixels at random. */
function makeFiles() {
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

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
