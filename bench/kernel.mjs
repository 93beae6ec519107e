/**
 * Benchmarks the response times of the kernel against other kernels.
 *
 * Each kernel is restarted in every turn and measured over real ZeroMQ by Jupyter's client; the
 * order changes from turn to turn.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BenchError } from "./bench-error.mjs";
import { benchDocument } from "./document.mjs";
import { root } from "./job.mjs";
import { outputFile, wholeNumber } from "./options.mjs";
import { chosenKernels, contextOf, prepareKernels } from "./kernel-peers.mjs";
import { lastLineValue, reasonOf } from "./process.mjs";
import { projectPython } from "./python-environment.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- kernel [options]

Starts Jupyter kernels alternately and prints their response times: medians in milliseconds, and the ratios to the
first kernel.

  --kernels A,B  names of kernelspecs; also deno, which is downloaded on first use, and tslab
                 (default: convnotes,python3,deno)
  --turns N      measurements of each (default: 5)
  --cells N      cells with TensorFlow.js, of which the first and the last are compared (default: 1000)
  --json FILE    write the values of every measurement to FILE`;

/** The measured values and their headings. */
const figures = {
  launch: "launch to 1 + 1",
  small: "small cell",
  attached: "with debugger",
  detached: "detached again",
  import: "import tfjs",
  library: "import convnotes",
  tensor: "tfjs cell",
  tensorEarly: "the 10th",
  tensorLate: "the last",
};

/** The options, as for parseArgs. */
export const options = {
  kernels: { type: "string", default: "convnotes,python3,deno" },
  turns: { type: "string", default: "5" },
  cells: { type: "string", default: "1000" },
  json: { type: "string" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code.
 * @throws {BenchError} If an option is invalid, or a kernel fails.
 */
export async function run(values) {
  const json = outputFile("--json", values.json);
  const turns = wholeNumber("--turns", values.turns, 1);
  const cells = wholeNumber("--cells", values.cells, 20);
  const kernels = chosenKernels(values.kernels);
  const environment = prepareKernels(kernels);
  /** @type {Map<string, Record<string, number>[]>} */
  const measured = new Map();
  for (let turn = 0; turn < turns; turn += 1) {
    for (let position = 0; position < kernels.length; position += 1) {
      const kernel = kernels[(position + turn) % kernels.length];
      const result = measure(kernel, cells, environment);
      measured.set(kernel, [...(measured.get(kernel) ?? []), result]);
    }
  }
  if (json !== undefined) {
    writeFileSync(json, toJson({ kernels, turns, cells }, measured));
    console.log(`Wrote all values to ${json}.`);
  }
  const names = Object.keys(figures);
  const medians = new Map(
    [...measured].map(([kernel, results]) => [
      kernel,
      names.map((name) =>
        results.every((result) => name in result)
          ? median(results.map((result) => result[name]))
          : undefined,
      ),
    ]),
  );
  const [first] = kernels;
  const reference = medians.get(first) ?? [];
  const rows = [...medians].map(([kernel, values]) => [
    kernel,
    ...values.map((value, index) => {
      if (value === undefined) return "-";
      const other = reference[index];
      const ratio =
        kernel === first || other === undefined
          ? ""
          : ` (${(value / other).toFixed(2)})`;
      return `${value.toFixed(1)}${ratio}`;
    }),
  ]);
  console.log(
    textTable([`ms (times ${first})`, ...Object.values(figures)], rows),
  );
  return 0;
}

/**
 * @param {object} settings
 * @param {Map<string, Record<string, number>[]>} measured The measurements of each kernel.
 * @returns {string} A document with one row per value.
 */
function toJson(settings, measured) {
  const results = Object.entries(figures).map(([name, title]) => ({
    title,
    runs: Object.fromEntries(
      [...measured].map(([kernel, turns]) => [
        kernel,
        turns.map(({ [name]: milliseconds }) => ({ milliseconds })),
      ]),
    ),
  }));
  return benchDocument("kernel", settings, results);
}

/**
 * Measures one kernel once, in a separate process.
 *
 * @param {string} kernel
 * @param {number} cells
 * @param {NodeJS.ProcessEnv} environment
 */
function measure(kernel, cells, environment) {
  const parameters = { kernel, ...contextOf(kernel), cells: String(cells) };
  const { stdout, stderr, status } = spawnSync(
    projectPython,
    [
      join(root, "bench", "kernel", "client.py"),
      ...Object.entries(parameters).flatMap(([name, value]) => [
        `--${name}`,
        value,
      ]),
    ],
    { encoding: "utf8", env: environment },
  );
  if (status !== 0)
    throw new BenchError(
      "ERR_PROCESS",
      `${kernel} could not be measured: ${reasonOf(stderr)}`,
    );
  return lastLineValue(stdout);
}
