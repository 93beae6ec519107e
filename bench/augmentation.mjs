/**
 * Benchmarks random flips and shifts of the training images: by how much they lengthen a training
 * step.
 */
import { join } from "node:path";
import { chosenModels, sizeJob } from "./job.mjs";
import { positiveNumber, wholeNumber } from "./options.mjs";
import { valuesOf } from "./process.mjs";
import { median } from "./statistics.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- augmentation [options]

Trains a model with and without randomFlip and randomShift in front, in alternating epochs, and prints the ratio of the
times.

  --models 1,4       models with images as input (default: 1)
  --epochs N         epochs of each, at least 3; the first is not counted (default: 9)
  --samples-scale X  factor of the samples per epoch (default: 1)`;

/** The options, as for parseArgs. */
export const options = {
  models: { type: "string", default: "1" },
  epochs: { type: "string", default: "9" },
  "samples-scale": { type: "string", default: "1" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code.
 * @throws {BenchError} If an option is invalid, or the measured process fails.
 */
export async function run(values) {
  const epochs = wholeNumber("--epochs", values.epochs, 3);
  const scale = positiveNumber("--samples-scale", values["samples-scale"]);
  for (const model of chosenModels(values.models)) {
    const { samples } = sizeJob(model, { width: 1, scale, epochs });
    const { plain, changed } = measure(model.name, samples, epochs);
    const ratio = changed / plain;
    console.log(
      `model ${model.name}: ${plain.toFixed(3)} s per epoch of ${samples} images, ${changed.toFixed(3)} s with flips and shifts: ${((ratio - 1) * 100).toFixed(1)} % longer.`,
    );
  }
  return 0;
}

/**
 * Returns the medians of the epochs after the first, in seconds.
 *
 * @param {string} name The model's name.
 * @param {number} samples
 * @param {number} epochs
 */
function measure(name, samples, epochs) {
  const program = join("bench", "augmentation", "convnotes.ts");
  const times = valuesOf(program, { model: name, samples, epochs });
  return {
    plain: median(times.plain.slice(1)),
    changed: median(times.changed.slice(1)),
  };
}
