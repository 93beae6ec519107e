/**
 * The bench of the checkers: the kernel's checker of cells beside TypeScript 7's, which is native and is asked through its own
 * clients (`typescript/unstable/sync` and `/async`). `docs/kernel.md` says what comes of it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choose, root, wholeNumber } from "./job.mjs";
import { sessions } from "./native-checker/cells.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/** The version of the trial. */
const NATIVE_VERSION = "7.0.2";

const HELP = `Usage: npm run bench -- native-checker [options]

Checks the same cells with the kernel's checker and with TypeScript ${NATIVE_VERSION}, which is fetched on first use, by turns, each in a fresh
process. Prints medians of the turns, and in brackets the fastest turn, of the milliseconds to the first cell, of a cell (its median,
what 95 % stay below, the last 20), for the meaning of all names in a cell, and of a completion; the mean of the milliseconds that
the processor works for a cell, in all processes; megabytes at the end, of the process that asks and of the one that is asked; and
in how many cells both find the same errors.

  --sessions A,B  some of ${Object.keys(sessions).join(", ")} (all)
  --ways A,B      some of the ways to check (all): checker, compiler, disk, virtual, async
  --cells N       cells of a session (200)
  --turns N       turns of each (5)`;

const folder = join(root, "out", "bench", "native-checker");
const packageFile = join(folder, "package.json");

const present = (way) => ["present.mjs", "--way", way];
const native = (files, client) => [
  "native.mjs",
  ...["--files", files, "--client", client, "--package", packageFile],
];

/** The ways to check, the first of which the others are compared with. */
const ways = {
  checker: { title: "the kernel's checker alone", command: present("checker") },
  compiler: {
    title: "the kernel's compiler, its process",
    command: present("compiler"),
  },
  disk: { title: "7, files on disk", command: native("disk", "sync") },
  virtual: { title: "7, virtual files", command: native("virtual", "sync") },
  async: {
    title: "7, files on disk, async",
    command: native("disk", "async"),
  },
};

/**
 * Runs the bench.
 *
 * @param {string[]} parameters Of the command line.
 * @returns {Promise<number>} The exit code.
 * @throws {Error} On an option that cannot be, or if a way fails.
 */
export async function run(parameters) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      sessions: { type: "string" },
      ways: { type: "string" },
      cells: { type: "string", default: "200" },
      turns: { type: "string", default: "5" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
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
    const measured = new Map(chosenWays.map((way) => [way, []]));
    for (let turn = 0; turn < turns; turn += 1) {
      for (let place = 0; place < chosenWays.length; place += 1) {
        const way = chosenWays[(place + turn) % chosenWays.length];
        measured.get(way).push(measure(way, session, cells));
      }
    }
    console.log(`\n${session}: ${sessions[session].about}, ${cells} cells\n`);
    console.log(
      textTable(
        [
          "ms, MB",
          ...["first cell", "a cell", "95 %", "last 20"],
          ...["its names", "completion", "CPU", "own MB", "other MB"],
        ],
        [...measured].map(([way, turns]) => row(ways[way].title, turns)),
      ),
    );
    reportQuestions(measured);
    compareErrors(measured, session);
  }
  return 0;
}

function row(title, turns) {
  const some = (list) => (list.length > 0 ? median(list) : NaN);
  const times = [
    ({ first }) => first,
    ({ cells }) => median(cells.slice(1)),
    ({ cells }) => quantile(cells.slice(1), 0.95),
    ({ cells }) => median(cells.slice(-20)),
    ({ names }) => some(names),
    ({ completions }) => some(completions),
  ].map((figure) => {
    const values = turns.map(figure);
    const digits = median(values) < 100 ? 1 : 0;
    return values.some(Number.isNaN)
      ? "-"
      : `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)})`;
  });
  const work = median(turns.map(({ processor }) => mean(processor.slice(1))));
  const memory = [({ own }) => own, ({ other }) => other].map((figure) => {
    const bytes = median(turns.map(figure));
    return bytes > 0 ? (bytes / 1e6).toFixed(0) : "-";
  });
  const shown = Number.isNaN(work) ? "-" : work.toFixed(1);
  return [title, ...times, shown, ...memory];
}

function mean(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1];
}

/** Says how often the server asks for virtual files. */
function reportQuestions(measured) {
  for (const [way, [{ questions, cells }]] of measured) {
    if (!questions) continue;
    console.log(
      `\n${ways[way].title}: ${Math.round(questions / cells.length)} questions of the server about files a cell`,
    );
  }
}

/** Says in how many cells each way finds the errors that the first one finds, and shows the others. */
function compareErrors(measured, session) {
  const [[first, [{ errors: expected }]], ...others] = measured;
  for (const [way, [{ errors }]] of others) {
    const unlike = expected.flatMap((each, index) =>
      each === errors[index] ? [] : [index],
    );
    console.log(
      `\n${ways[way].title}: the errors of "${ways[first].title}" in ${expected.length - unlike.length} of ${expected.length} cells`,
    );
    for (const index of unlike) {
      console.log(
        `  ${JSON.stringify(sessions[session].cell(index))}: ${expected[index] || "none"}; here ${errors[index] || "none"}`,
      );
    }
  }
}

/** One turn of one way, in a process of its own. */
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
    throw new Error(
      `"${ways[way].title}" could not be measured:\n${stderr.trim()}`,
    );
  }
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** Fetches TypeScript 7 unless it is there. */
function install() {
  const name = `typescript@${NATIVE_VERSION}`;
  const installed = join(folder, "node_modules", "typescript", "package.json");
  if (existsSync(installed)) {
    const { version } = JSON.parse(readFileSync(installed, "utf8"));
    if (version === NATIVE_VERSION) return;
  }
  console.log(`Fetching ${name} (30 MB) ...`);
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
    throw new Error(`${name} could not be installed: ${stderr.trim()}`);
  }
}
