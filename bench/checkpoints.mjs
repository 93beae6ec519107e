/**
 * Benchmarks checkpoints: by how much they lengthen an epoch.
 */
import { join } from "node:path";
import { chosenModels, sizeJob } from "./job.mjs";
import { positiveNumber, wholeNumber } from "./options.mjs";
import { valuesOf } from "./process.mjs";
import { median } from "./statistics.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- checkpoints [options]

Trains a model with and without checkpoints at the end of each epoch, in alternating runs of one process, and prints
the ratio of the times of an epoch. The aim is at most 3 % for model 1.

  --models 1,4       models (default: 1)
  --turns N          runs of each, of two epochs; the first epochs are not counted (default: 5)
  --samples-scale X  factor of the samples per epoch (default: 1)
  --folder NAME      where the checkpoints are written, for its disk (default: the temporary folder)`;

/** The options, as for parseArgs. */
export const options = {
  models: { type: "string", default: "1" },
  turns: { type: "string", default: "5" },
  "samples-scale": { type: "string", default: "1" },
  folder: { type: "string", default: "" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code.
 * @throws {BenchError} If an option is invalid, or the measured process fails.
 */
export async function run(values) {
  const turns = wholeNumber("--turns", values.turns, 1);
  const scale = positiveNumber("--samples-scale", values["samples-scale"]);
  for (const model of chosenModels(values.models)) {
    const { samples } = sizeJob(model, { width: 1, scale, epochs: 2 });
    const { plain, saved, bytes } = measure(
      model.name,
      samples,
      turns,
      values.folder,
    );
    const ratio = saved / plain;
    console.log(
      `model ${model.name}: ${plain.toFixed(3)} s per epoch of ${samples} images, ${saved.toFixed(3)} s with a checkpoint of ${(bytes / 1e6).toFixed(1)} MB: ${((ratio - 1) * 100).toFixed(1)} % longer.`,
    );
  }
  return 0;
}

/**
 * Returns the medians of the second epochs in seconds, and the size of a checkpoint.
 *
 * @param {string} name The model's name.
 * @param {number} samples
 * @param {number} turns
 * @param {string} folder
 */
function measure(name, samples, turns, folder) {
  const program = join("bench", "checkpoints", "convnotes.ts");
  const times = valuesOf(program, { model: name, samples, turns, folder });
  return {
    plain: median(times.plain),
    saved: median(times.saved),
    bytes: times.bytes,
  };
}
