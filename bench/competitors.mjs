/**
 * Defines the competitors and how each is started. Every measurement is a separate process.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { typeScriptRegister } from "./job.mjs";
import { measureProcess } from "./process.mjs";
import {
  benchPython,
  canImport,
  createBenchEnvironment,
  projectPython,
} from "./python-environment.mjs";

/**
 * @typedef {object} Competitor
 * @property {string} name
 * @property {string[]} command Program and leading parameters.
 * @property {Record<string, string | undefined>} environment Variables it is started with;
 *   undefined removes one.
 */

/**
 * How a competitor is started.
 *
 * @typedef {Omit<Competitor, "name">} Start
 *
 * @typedef {{torchPython?: string}} Options A Python with PyTorch, if neither environment has it.
 */

/** @param {string} name */
const script = (name) => join("bench", "training", name);
const node = [
  process.execPath,
  "--require",
  typeScriptRegister,
  script("convnotes.ts"),
];

/**
 * A function per competitor that returns it, or the reason why it cannot be measured.
 *
 * @type {Readonly<Record<string, (options: Options) => Start | string>>}
 */
const factories = {
  convnotes: () => ({
    command: node,
    environment: { CONVNOTES_ENGINE: undefined },
  }),
  // All steps as TensorFlow graphs, none native.
  "convnotes-graph": () => ({
    command: node,
    environment: { CONVNOTES_ENGINE: "graph" },
  }),
  "stock-tfjs": () => ({
    command: node,
    environment: { CONVNOTES_ENGINE: "off" },
  }),
  "keras-tensorflow": () =>
    existsSync(projectPython)
      ? keras(projectPython, "tensorflow")
      : noEnvironment,
  // Keras may gain from oneDNN's convolutions on processors where TensorFlow disables them by
  // default.
  "keras-tensorflow-onednn": () =>
    existsSync(projectPython)
      ? keras(projectPython, "tensorflow", { TF_ENABLE_ONEDNN_OPTS: "1" })
      : noEnvironment,
  "keras-jax": () => {
    const problem = createBenchEnvironment();
    return problem === undefined
      ? keras(benchPython, "jax")
      : `.venv-bench could not be created: ${problem}`;
  },
  torch: (options) => torch(options, {}),
  // Compiles C++ in the first steps, which takes some tens of seconds.
  "torch-compile": (options) => torch(options, { TORCH_PEER_COMPILE: "1" }),
};

/**
 * @param {Options} options
 * @param {Record<string, string>} environment
 * @returns {Start | string}
 */
const torch = ({ torchPython }, environment) => {
  const candidates = torchPython ? [torchPython] : [benchPython, projectPython];
  const python = candidates.find((candidate) => canImport(candidate, "torch"));
  return python === undefined
    ? `torch cannot be imported by ${torchPython ?? ".venv-bench or .venv"}`
    : { command: [python, script("torch_peer.py")], environment };
};

const noEnvironment = "there is no .venv; npm run setup creates it";

/**
 * @param {string} python
 * @param {string} backend
 * @param {Record<string, string>} [variables]
 * @returns {Start}
 */
const keras = (python, backend, variables = {}) => ({
  command: [python, script("keras_peer.py")],
  environment: { KERAS_BACKEND: backend, ...variables },
});

/** Names of all competitors. */
export const competitorNames = Object.keys(factories);

/** The default competitors: all in their default configuration. */
export const defaultCompetitors = competitorNames.filter(
  (name) =>
    !["convnotes-graph", "keras-tensorflow-onednn", "torch-compile"].includes(
      name,
    ),
);

/**
 * Finds competitors, and reports on standard error which cannot be measured, and why.
 *
 * @param {readonly string[]} names
 * @param {Options} [options]
 * @returns {Competitor[]}
 */
export function findCompetitors(names, options = {}) {
  return names.flatMap((name) => {
    const found = factories[name](options);
    if (typeof found !== "string") return [{ name, ...found }];
    console.error(`Skipped ${name}: ${found}.`);
    return [];
  });
}

/**
 * Measures one competitor once.
 *
 * @param {Competitor} competitor
 * @param {import("./job.mjs").Job} job
 * @param {Record<string, string>} [variables] Further environment variables.
 * @returns The measured values, durations in seconds, or the problem: see `measureProcess`.
 */
export function measure(competitor, job, variables = {}) {
  const parameters = {
    model: job.model.name,
    width: job.width,
    "batch-size": job.model.batchSize,
    samples: job.samples,
    epochs: job.epochs,
    "predict-samples": job.predictSamples,
    started: Date.now(),
  };
  return measureProcess(
    [
      ...competitor.command,
      ...Object.entries(parameters).map(
        ([name, value]) => `--${name}=${value}`,
      ),
    ],
    { ...competitor.environment, ...variables },
    "parameters",
  );
}
