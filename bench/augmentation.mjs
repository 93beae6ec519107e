/**
 * By how much a training step grows when its pictures are flipped and shifted at random.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  chosenModels,
  positiveNumber,
  root,
  sizeJob,
  typeScriptRegister,
  wholeNumber,
} from "./job.mjs";
import { median } from "./statistics.mjs";

const HELP = `Usage: npm run bench -- augmentation [options]

Trains a model with and without randomFlip and randomShift in front, epoch by epoch in turns, and prints the ratio of the times.

  --models 1,4       some of the models whose input is a picture (1)
  --epochs N         epochs of each, at least 3; the first one is left out (9)
  --samples-scale X  factor of the samples of an epoch (1)`;

/**
 * Runs the bench.
 *
 * @param {string[]} parameters Of the command line.
 * @returns {Promise<number>} The exit code.
 * @throws {Error} On an option that cannot be, or if the measured process fails.
 */
export async function run(parameters) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      models: { type: "string", default: "1" },
      epochs: { type: "string", default: "9" },
      "samples-scale": { type: "string", default: "1" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const epochs = wholeNumber("--epochs", values.epochs, 3);
  const scale = positiveNumber("--samples-scale", values["samples-scale"]);
  for (const model of chosenModels(values.models)) {
    const { samples } = sizeJob(model, { width: 1, scale, epochs });
    const { plain, changed } = measure(model.name, samples, epochs);
    const ratio = changed / plain;
    console.log(
      `model ${model.name}: ${plain.toFixed(3)} s an epoch of ${samples} pictures, ${changed.toFixed(3)} s with flips and shifts: ${((ratio - 1) * 100).toFixed(1)} % more.`,
    );
  }
  return 0;
}

/** Medians of the epochs after the first, in seconds. */
function measure(name, samples, epochs) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      "--require",
      typeScriptRegister,
      join("bench", "augmentation", "convnotes.ts"),
      ...["--model", name],
      ...["--samples", String(samples)],
      ...["--epochs", String(epochs)],
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new Error(`The measured process has failed:\n${stderr}`);
  }
  const times = JSON.parse(stdout.trim().split("\n").at(-1));
  return {
    plain: median(times.plain.slice(1)),
    changed: median(times.changed.slice(1)),
  };
}
