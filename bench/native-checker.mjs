/**
 * Benchmarks the kernel's cell checker against TypeScript 7's, which is native and is used through
 * its own clients (`typescript/unstable/sync` and `/async`). `docs/kernel.md` has the results.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { BenchError } from "./bench-error.mjs";
import { root } from "./job.mjs";
import { choose, wholeNumber } from "./options.mjs";
import { sessions } from "./native-checker/cells.mjs";
import { lastLineValue } from "./process.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/** The version that is measured. */
const NATIVE_VERSION = "7.0.2";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- native-checker [options]

Checks the same cells alternately with the kernel's checker and with TypeScript ${NATIVE_VERSION}, which is downloaded on first
use, each time in a new process. Prints, as medians of the turns with the fastest turn in brackets, in milliseconds: the
time to the first cell, the time of a cell (median, 95th percentile, last 20), of resolving all names in a cell, and of a
completion. Also prints the mean CPU time of a cell in all processes, the memory of client and server at the end in
megabytes, and the number of cells in which both find the same errors.

  --sessions A,B  some of ${Object.keys(sessions).join(", ")} (default: all)
  --ways A,B      ways to check (default: all): checker, compiler, disk, virtual, async
  --cells N       cells per session (default: 200)
  --turns N       measurements of each (default: 5)`;

const folder = join(root, "out", "bench", "native-checker");
const packageFile = join(folder, "package.json");

/**
 * The values that a process prints: see native-checker/figures.mjs.
 *
 * @typedef {{first: number, cells: number[], processor: number[], names: number[], completions:
 *   number[], errors: string[], own: number, other: number, requests?: number}} Measurement
 */

/** @param {string} way */
const kernelChecker = (way) => ["kernel-checker.mjs", "--way", way];
/**
 * @param {string} files
 * @param {string} client
 */
const native = (files, client) => [
  "native.mjs",
  ...["--files", files, "--client", client, "--package", packageFile],
];

/**
 * The ways to check; the others are compared with the first.
 *
 * @type {Readonly<Record<string, {title: string, command: string[]}>>}
 */
const ways = {
  checker: {
    title: "the kernel's checker alone",
    command: kernelChecker("checker"),
  },
  compiler: {
    title: "the kernel's compiler, in its process",
    command: kernelChecker("compiler"),
  },
  disk: { title: "7, files on disk", command: native("disk", "sync") },
  virtual: { title: "7, virtual files", command: native("virtual", "sync") },
  async: {
    title: "7, files on disk, async",
    command: native("disk", "async"),
  },
};

/** The options, as for parseArgs. */
export const options = {
  sessions: { type: "string" },
  ways: { type: "string" },
  cells: { type: "string", default: "200" },
  turns: { type: "string", default: "5" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code.
 * @throws {BenchError} If an option is invalid, or a way fails.
 */
export async function run(values) {
  const chosenSessions = choose(
    "--sessions",
    values.sessions,
    Object.keys(sessions),
  );
  const chosenWays = choose("--ways", values.ways, Object.keys(ways));
  const cells = wholeNumber("--cells", values.cells, 20);
  const turns = wholeNumber("--turns", values.turns, 1);
  install();
  const processor = os.cpus()[0]?.model ?? "unknown processor";
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  console.log(
    `${processor}, ${os.cpus().length} cores, ${gigabytes} GB, Node ${process.version}`,
  );
  for (const session of chosenSessions) {
    /** @type {Map<string, Measurement[]>} */
    const measured = new Map();
    for (let turn = 0; turn < turns; turn += 1) {
      for (let position = 0; position < chosenWays.length; position += 1) {
        const way = chosenWays[(position + turn) % chosenWays.length];
        const result = measure(way, session, cells);
        measured.set(way, [...(measured.get(way) ?? []), result]);
      }
    }
    console.log(`\n${session}: ${sessions[session].about}, ${cells} cells\n`);
    console.log(
      textTable(
        [
          "ms, MB",
          ...["first cell", "cell", "95 %", "last 20"],
          ...["names", "completion", "CPU", "client MB", "server MB"],
        ],
        [...measured].map(([way, turns]) => row(ways[way].title, turns)),
      ),
    );
    reportRequests(measured);
    compareErrors(measured, session);
  }
  return 0;
}

/**
 * @param {string} title
 * @param {Measurement[]} turns
 */
function row(title, turns) {
  /** @param {number[]} list */
  const some = (list) => (list.length > 0 ? median(list) : NaN);
  /** @type {((measured: Measurement) => number)[]} */
  const timed = [
    ({ first }) => first,
    ({ cells }) => median(cells.slice(1)),
    ({ cells }) => quantile(cells.slice(1), 0.95),
    ({ cells }) => median(cells.slice(-20)),
    ({ names }) => some(names),
    ({ completions }) => some(completions),
  ];
  const times = timed.map((figure) => {
    const values = turns.map(figure);
    const digits = median(values) < 100 ? 1 : 0;
    return values.some(Number.isNaN)
      ? "-"
      : `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)})`;
  });
  const work = median(turns.map(({ processor }) => mean(processor.slice(1))));
  const memory = [
    turns.map(({ own }) => own),
    turns.map(({ other }) => other),
  ].map((each) => {
    const bytes = median(each);
    return bytes > 0 ? (bytes / 1e6).toFixed(0) : "-";
  });
  const shown = Number.isNaN(work) ? "-" : work.toFixed(1);
  return [title, ...times, shown, ...memory];
}

/** @param {number[]} numbers */
function mean(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

/**
 * @param {number[]} numbers
 * @param {number} share
 */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1];
}

/**
 * Prints how often the server requests virtual files.
 *
 * @param {Map<string, Measurement[]>} measured
 */
function reportRequests(measured) {
  for (const [way, [{ requests, cells }]] of measured) {
    if (!requests) continue;
    console.log(
      `\n${ways[way].title}: ${Math.round(requests / cells.length)} file requests by the server per cell`,
    );
  }
}

/**
 * Prints in how many cells each way finds the same errors as the first, and the differing cells.
 *
 * @param {Map<string, Measurement[]>} measured
 * @param {string} session
 */
function compareErrors(measured, session) {
  const [[first, [{ errors: expected }]], ...others] = measured;
  for (const [way, [{ errors }]] of others) {
    const differing = expected.flatMap((each, index) =>
      each === errors[index] ? [] : [index],
    );
    console.log(
      `\n${ways[way].title}: the errors of "${ways[first].title}" in ${expected.length - differing.length} of ${expected.length} cells`,
    );
    for (const index of differing) {
      console.log(
        `  ${JSON.stringify(sessions[session].cell(index))}: ${expected[index] || "none"}; here ${errors[index] || "none"}`,
      );
    }
  }
}

/**
 * Measures one way once, in a separate process.
 *
 * @param {string} way
 * @param {string} session
 * @param {number} cells
 * @returns {Measurement}
 */
function measure(way, session, cells) {
  const [program, ...own] = ways[way].command;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      join(root, "bench", "native-checker", program),
      ...own,
      ...["--session", session, "--cells", String(cells)],
    ],
    { cwd: root, encoding: "utf8", maxBuffer: 2 ** 30 },
  );
  if (status !== 0) {
    throw new BenchError(
      "ERR_PROCESS",
      `"${ways[way].title}" could not be measured:\n${stderr.trim()}`,
    );
  }
  return lastLineValue(stdout);
}

/** Downloads TypeScript 7 if necessary. */
function install() {
  const name = `typescript@${NATIVE_VERSION}`;
  const installed = join(folder, "node_modules", "typescript", "package.json");
  if (existsSync(installed)) {
    const { version } = JSON.parse(readFileSync(installed, "utf8"));
    if (version === NATIVE_VERSION) return;
  }
  console.log(`Downloading ${name} (30 MB) ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(packageFile, '{ "private": true }');
  const { status, stderr } = spawnSync(
    "npm",
    [
      "install",
      "--silent",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      name,
    ],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new BenchError(
      "ERR_PROCESS",
      `${name} could not be installed: ${stderr.trim()}`,
    );
  }
}
