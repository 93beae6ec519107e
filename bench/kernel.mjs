/**
 * How soon a kernel answers, beside other kernels.
 *
 * Each is started again in every turn, over real ZeroMQ, by Jupyter's own client; the order changes from turn to turn.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, wholeNumber } from "./job.mjs";
import { placeOf, prepareKernels } from "./kernel-peers.mjs";
import { projectPython } from "./python-environment.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

const HELP = `Usage: npm run bench -- kernel [options]

Starts Jupyter kernels by turns and prints how long they take: medians in milliseconds, and how many times as long as the first
of the kernels.

  --kernels A,B  kernels by the names of their kernelspecs; deno, which is fetched on first use, and tslab are known as well
                 (convnotes,python3,deno)
  --turns N      turns of each (5)
  --cells N      cells with TensorFlow.js, of which the first and the last are compared (1000)`;

/** What is measured, and the heading it has. */
const figures = {
  launch: "launch to 1 + 1",
  small: "small cell",
  import: "import tfjs",
  library: "import convnotes",
  tensor: "tfjs cell",
  tensorEarly: "the 10th",
  tensorLate: "the last",
};

/**
 * Runs the bench.
 *
 * @param {string[]} parameters Of the command line.
 * @returns {Promise<number>} The exit code.
 * @throws {Error} On an option that cannot be, or if a kernel fails.
 */
export async function run(parameters) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      kernels: { type: "string", default: "convnotes,python3,deno" },
      turns: { type: "string", default: "5" },
      cells: { type: "string", default: "1000" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const kernels = values.kernels.split(",");
  const turns = wholeNumber("--turns", values.turns, 1);
  const cells = wholeNumber("--cells", values.cells, 20);
  const environment = prepareKernels(kernels);
  const measured = new Map(kernels.map((kernel) => [kernel, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (let place = 0; place < kernels.length; place += 1) {
      const kernel = kernels[(place + turn) % kernels.length];
      measured.get(kernel).push(measure(kernel, cells, environment));
    }
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
  const reference = medians.get(first);
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

/** One turn of one kernel, in a process of its own. */
function measure(kernel, cells, environment) {
  const parameters = { kernel, ...placeOf(kernel), cells: String(cells) };
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
    throw new Error(`${kernel} could not be measured:\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}
