/**
 * `npm run bench -- NAME`: runs a benchmark.
 *
 * Speed is always reported as a ratio to a peer measured in the same run: the competitors
 * alternate, each in a new process, and the order changes every turn.
 */
import { BenchError } from "./bench-error.mjs";
import { readOptions, unknownWord } from "./options.mjs";

/**
 * A benchmark's module exports its help, its options and a function that runs it.
 *
 * @typedef {object} Bench
 * @property {string} help
 * @property {import("node:util").ParseArgsConfig["options"]} options
 * @property {(values: any) => Promise<number> | number} run
 */

/** @type {Readonly<Record<string, {about: string, open: () => Promise<any>}>>} */
const benches = {
  training: {
    about:
      "training of the course's models with convnotes, stock tfjs, Keras and PyTorch",
    open: () => import("./training.mjs"),
  },
  augmentation: {
    about: "cost of random flips and shifts of the images in a training step",
    open: () => import("./augmentation.mjs"),
  },
  checkpoints: {
    about: "cost of checkpoints in an epoch of training",
    open: () => import("./checkpoints.mjs"),
  },
  engine: {
    about:
      "the engine compared with plain TensorFlow.js where it could be slower",
    open: () => import("./engine.mjs"),
  },
  kernel: {
    about: "response times of the kernel, compared with ipykernel and Deno",
    open: () => import("./kernel.mjs"),
  },
  "native-checker": {
    about: "the kernel's cell checker compared with TypeScript 7's",
    open: () => import("./native-checker.mjs"),
  },
  "language-server": {
    about: "from a change of a cell to its errors, in a notebook of 200 cells",
    open: () => import("./language-server.mjs"),
  },
  data: {
    about: "reading CIFAR-10's files, compared with NumPy",
    open: () => import("./data.mjs"),
  },
  report: {
    about: "write the tables of the documents from bench/results/",
    open: () => import("./report.mjs"),
  },
  "convolution-share": {
    about: "share of the convolutions in a training step",
    open: () => import("./convolution-share.mjs"),
  },
};

const [name, ...parameters] = process.argv.slice(2);
if (Object.hasOwn(benches, name ?? "")) {
  try {
    const open = benches[/** @type {string} */ (name)]?.open;
    /** @type {Bench} */
    const { help, options, run } = await /** @type {() => Promise<any>} */ (
      open
    )();
    const values = readOptions(parameters, options);
    if (values.help) console.log(help);
    else process.exitCode = await run(values);
  } catch (error) {
    // An invalid option is reported with its message only; any other error is a bug and is printed
    // with its stack.
    const problem = /** @type {NodeJS.ErrnoException} */ (error);
    const isUserError =
      problem instanceof BenchError ||
      problem.code?.startsWith("ERR_PARSE_ARGS");
    console.error(isUserError ? problem.message : error);
    process.exitCode = 1;
  }
} else {
  const lines = Object.entries(benches).map(
    ([name, { about }]) => `  ${name.padEnd(19)}${about}`,
  );
  console.log(
    `Usage: npm run bench -- NAME [options]\n\n${lines.join("\n")}\n\nnpm run bench -- NAME --help lists a benchmark's options.`,
  );
  const isHelp = name === undefined || ["--help", "-h"].includes(name);
  if (!isHelp) {
    const { message } = unknownWord("a benchmark:", Object.keys(benches), name);
    console.error(`\n${message}`);
  }
  process.exitCode = name === "--help" || name === "-h" ? 0 : 1;
}
