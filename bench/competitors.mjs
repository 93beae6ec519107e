/**
 * Who is measured, and how each is started. Every measurement is a process of its own.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { typeScriptRegister } from "./job.mjs";
import { measureProcess } from "./process.mjs";
import {
  benchPython,
  canImport,
  makeBenchEnvironment,
  projectPython,
} from "./python-environment.mjs";

/**
 * @typedef {object} Competitor
 * @property {string} name
 * @property {string[]} command Program and leading parameters.
 * @property {Record<string, string | undefined>} environment Variables it is started with; undefined takes one away.
 */

const script = (name) => join("bench", "training", name);
const node = [
  process.execPath,
  "--require",
  typeScriptRegister,
  script("convnotes.ts"),
];

/** Each competitor's name, and a function that gives it or says why it cannot take part. */
const entrants = {
  convnotes: () => ({
    command: node,
    environment: { CONVNOTES_ENGINE: undefined },
  }),
  // Every step as a TensorFlow graph, none native.
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
  // Where TensorFlow leaves oneDNN's convolutions off by default, Keras may gain by them too.
  "keras-tensorflow-onednn": () =>
    existsSync(projectPython)
      ? keras(projectPython, "tensorflow", { TF_ENABLE_ONEDNN_OPTS: "1" })
      : noEnvironment,
  "keras-jax": () => {
    const problem = makeBenchEnvironment();
    return problem === undefined
      ? keras(benchPython, "jax")
      : `.venv-bench could not be made: ${problem}`;
  },
  torch: (options) => torch(options, {}),
  // Its first steps take a C++ compiler some tens of seconds.
  "torch-compile": (options) => torch(options, { TORCH_PEER_COMPILE: "1" }),
};

const torch = ({ torchPython }, environment) => {
  const places = torchPython ? [torchPython] : [benchPython, projectPython];
  const python = places.find((place) => canImport(place, "torch"));
  return python === undefined
    ? `torch cannot be imported by ${torchPython ?? ".venv-bench or .venv"}`
    : { command: [python, script("torch_peer.py")], environment };
};

const noEnvironment = "there is no .venv; npm run setup makes it";

const keras = (python, backend, variables = {}) => ({
  command: [python, script("keras_peer.py")],
  environment: { KERAS_BACKEND: backend, ...variables },
});

/** Names of all competitors. */
export const competitorNames = Object.keys(entrants);

/** Those that take part unless others are named: everyone as installed. */
export const usualCompetitors = competitorNames.filter(
  (name) =>
    !["convnotes-graph", "keras-tensorflow-onednn", "torch-compile"].includes(
      name,
    ),
);

/**
 * Finds competitors, and says on standard error which cannot take part, and why.
 *
 * @param {readonly string[]} names
 * @param {{torchPython?: string}} [options] A Python that has PyTorch, where neither environment has it.
 * @returns {Competitor[]}
 */
export function findCompetitors(names, options = {}) {
  return names.flatMap((name) => {
    const entrant = entrants[name](options);
    if (typeof entrant !== "string") return [{ name, ...entrant }];
    console.error(`Left out: ${name}, because ${entrant}.`);
    return [];
  });
}

/**
 * Measures one competitor once.
 *
 * @param {Competitor} competitor
 * @param {import("./job.mjs").Job} job
 * @param {Record<string, string>} [variables] More variables of the environment.
 * @returns The figures, durations in seconds, or what went wrong: see `measureProcess`.
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
