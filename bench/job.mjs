/**
 * The measured jobs: the table of models, the size of a job, and command-line options.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BenchError } from "./bench-error.mjs";

/** The working folder of all processes. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Preloaded module that lets Node run TypeScript as in the kernel's cells; built by setup. */
export const typeScriptRegister = join(
  root,
  "kernel",
  "dist",
  "typescript-register.js",
);

/** A row of the table of models; `training/build.ts` documents its fields. */
/**
 * @typedef {{name: string, title: string, batchSize: number, samples: number, predictSamples:
 * number, layers: {kind: string}[]}} ModelRow
 */

/** @type {readonly ModelRow[]} */
export const models = JSON.parse(
  readFileSync(join(root, "bench", "training", "models.json"), "utf8"),
);

/**
 * One model at one size.
 *
 * @typedef {object} Job
 * @property {ModelRow} model
 * @property {number} width Factor of the filters and units of all layers except the last.
 * @property {number} scale Factor of the samples.
 * @property {number} samples Samples per epoch.
 * @property {number} predictSamples Images of the large prediction.
 * @property {number} epochs Number of epochs; the first is reported separately.
 */

/**
 * Sizes a job: `scale` times as many full batches and the same remainder, so that the last batch of
 * an epoch is as incomplete as in the lesson.
 *
 * @param {ModelRow} model
 * @param {{width: number, scale: number, epochs: number}} size
 * @returns {Job}
 */
export function sizeJob(model, { width, scale, epochs }) {
  const { batchSize, samples, predictSamples } = model;
  const batches = Math.max(
    1,
    Math.round(Math.floor(samples / batchSize) * scale),
  );
  return {
    model,
    width,
    scale,
    epochs,
    samples: batches * batchSize + (samples % batchSize),
    predictSamples: Math.max(
      1,
      Math.round(predictSamples * Math.min(1, scale)),
    ),
  };
}

/**
 * Returns a model with another batch size and about as many samples, in whole batches.
 *
 * @param {ModelRow} model
 * @param {number | undefined} batchSize The lesson's by default.
 * @returns {ModelRow}
 */
export function atBatchSize(model, batchSize = model.batchSize) {
  if (batchSize === model.batchSize) return model;
  const batches = Math.max(1, Math.round(model.samples / batchSize));
  return { ...model, batchSize, samples: batches * batchSize };
}

/**
 * Returns a job's name in progress lines and tables.
 *
 * @param {Job} job
 */
export function jobTitle({ model, width, scale }) {
  return [
    `model ${model.name}`,
    width === 1 ? "" : `width x${width}`,
    scale === 1 ? "" : `samples x${scale}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * Returns the models that an option names.
 *
 * @param {string | undefined} names Separated by commas; all models by default.
 * @returns {ModelRow[]}
 * @throws {BenchError} If there is no such model.
 */
export function chosenModels(names) {
  const chosen = choose(
    "--models",
    names,
    models.map(({ name }) => name),
  );
  return models.filter(({ name }) => chosen.includes(name));
}

/**
 * Returns the items of a list that an option names, in the list's order.
 *
 * @param {string} option
 * @param {string | undefined} names Separated by commas; all by default.
 * @param {readonly string[]} known
 * @throws {BenchError} If a name is not in the list.
 */
export function choose(option, names, known) {
  const wanted = names?.split(",") ?? known;
  for (const name of wanted) {
    if (!known.includes(name)) {
      throw new BenchError(
        "ERR_USAGE",
        `Expected ${option} to name some of ${known.join(", ")}, received "${name}".`,
      );
    }
  }
  return known.filter((name) => wanted.includes(name));
}

/**
 * @param {string} option
 * @param {string} value
 * @param {number} least
 * @throws {BenchError} If the value is not a whole number of at least `least`.
 */
export function wholeNumber(option, value, least) {
  const number = Number(value);
  if (value.trim() !== "" && Number.isInteger(number) && number >= least) {
    return number;
  }
  throw new BenchError(
    "ERR_USAGE",
    `Expected ${option} to be a whole number of at least ${least}, received "${value}".`,
  );
}

/**
 * @param {string} option
 * @param {string} value
 * @throws {BenchError} If the value is not a number above 0.
 */
export function positiveNumber(option, value) {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new BenchError(
    "ERR_USAGE",
    `Expected ${option} to be a number above 0, received "${value}".`,
  );
}
