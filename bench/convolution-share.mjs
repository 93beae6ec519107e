/**
 * Benchmarks how much of a training step is spent in convolutions.
 *
 * TensorFlow delegates convolutions and matrix products to oneDNN, which can print a line for every
 * primitive with its duration (oneDNN documentation, "Verbose Mode"). The lines of the later epochs
 * are added up by kind and compared with the elapsed time. The rest is the framework: its own
 * operations, scheduling, JavaScript.
 */
import { competitorNames, findCompetitors, measure } from "./competitors.mjs";
import { chosenModels, sizeJob } from "./job.mjs";
import { choose, positiveNumber, wholeNumber } from "./options.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- convolution-share [options]

Prints the share of oneDNN's primitives in a training step's time: convolutions, matrix products and others.

  --models 1,4       models (default: 1)
  --competitors A,B  some of ${competitorNames.join(", ")} (default: convnotes)
  --epochs N         epochs, at least 2; the first is not counted (default: 3)
  --samples-scale X  factor of the samples per epoch (default: 1)`;

/** Printed if convolutions cannot be identified. */
const CONVOLUTIONS_UNKNOWN = `Convolutions: cannot be identified. TensorFlow used its own kernels, which call oneDNN only for blocks of a matrix
product (gemm_api). It does so on processors where oneDNN's convolutions are disabled by default. The environment
variable TF_ENABLE_ONEDNN_OPTS=1 enables them, but this changes the measured step.`;

/** The options, as for parseArgs. */
export const options = {
  models: { type: "string", default: "1" },
  competitors: { type: "string", default: "convnotes" },
  epochs: { type: "string", default: "3" },
  "samples-scale": { type: "string", default: "1" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code: 1 if a measurement failed, or nothing could be
 * profiled.
 * @throws {Error} If an option is invalid.
 */
export async function run(values) {
  const size = {
    width: 1,
    scale: positiveNumber("--samples-scale", values["samples-scale"]),
    epochs: wholeNumber("--epochs", values.epochs, 2),
  };
  const chosen = chosenModels(values.models);
  const competitors = findCompetitors(
    choose("--competitors", values.competitors, competitorNames),
  );
  let failed = competitors.length === 0;
  for (const model of chosen) {
    // Prediction is not measured.
    const job = { ...sizeJob(model, size), predictSamples: 1 };
    for (const competitor of competitors) {
      const { text, problem } = profile(competitor, job);
      console.log(
        `model ${model.name} (${model.title}), ${competitor.name}:\n${text ?? problem}\n`,
      );
      failed ||= problem !== undefined;
    }
  }
  return failed ? 1 : 0;
}

/**
 * Measures a job without and with profiling, and returns the profile as text.
 *
 * @param {import("./competitors.mjs").Competitor} competitor
 * @param {import("./job.mjs").Job} job
 */
function profile(competitor, job) {
  const plain = measure(competitor, job);
  if (plain.figures === undefined) return { problem: plain.problem };
  const profiled = measure(competitor, job, {
    ONEDNN_VERBOSE: "profile_exec",
    ONEDNN_VERBOSE_TIMESTAMP: "1",
  });
  if (profiled.figures === undefined) return { problem: profiled.problem };
  const { output, figures } = profiled;
  /** @type {[from: number, to: number][]} */
  const spans = figures.epochSpans.slice(1);
  const executions = readExecutions(output).filter(({ began }) =>
    spans.some(([from, to]) => began >= from && began <= to),
  );
  if (executions.length === 0) {
    return {
      problem:
        "TensorFlow printed no lines of oneDNN's primitives: it was built without oneDNN or its verbose mode, or oneDNN is disabled (TF_ENABLE_ONEDNN_OPTS=0).",
    };
  }
  const steps = spans.length * Math.ceil(job.samples / job.model.batchSize);
  /** @param {number[]} seconds */
  const wall = (seconds) =>
    (seconds.slice(1).reduce((sum, each) => sum + each, 0) * 1000) / steps;
  const step = wall(figures.secondsPerEpoch);
  const rows = [...addUp(executions)]
    .sort(([, one], [, other]) => other.milliseconds - one.milliseconds)
    .map(([kind, { count, milliseconds }]) => [
      kind,
      (count / steps).toFixed(1),
      (milliseconds / steps).toFixed(3),
      percent(milliseconds / steps / step),
    ]);
  /** @param {(execution: Execution) => boolean} kept */
  const sum = (kept) =>
    executions
      .filter(kept)
      .reduce((total, { milliseconds }) => total + milliseconds, 0) / steps;
  const convolutions = sum(({ kind }) => kind.startsWith("convolution"));
  const all = sum(() => true);
  const plainStep = wall(plain.figures.secondsPerEpoch);
  const text = [
    textTable(
      ["primitive", "per step", "ms per step", "share of a step"],
      rows,
    ),
    `A step takes ${step.toFixed(3)} ms while profiled, ${plainStep.toFixed(3)} ms otherwise (median ${((median(plain.figures.secondsPerEpoch.slice(1)) / job.samples) * 1e6).toFixed(1)} µs per sample).`,
    convolutions === 0 && hasConvolutions(job.model)
      ? CONVOLUTIONS_UNKNOWN
      : `Convolutions: ${convolutions.toFixed(3)} ms, ${percent(convolutions / step)} of the profiled step.`,
    `All primitives: ${all.toFixed(3)} ms, ${percent(all / step)}; primitives that run at the same time count twice.`,
  ].join("\n");
  return { text };
}

/** @typedef {{began: number, kind: string, milliseconds: number}} Execution */

/**
 * Parses oneDNN's verbose output.
 *
 * A line is
 * `onednn_verbose,v1,TIME,primitive,exec,cpu,KIND,IMPLEMENTATION,DIRECTION,...,MILLISECONDS`; older
 * versions omit `v1`. TIME is the start of the primitive, in ms since 1970.
 *
 * @param {string} output
 * @returns {Execution[]}
 */
function readExecutions(output) {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("onednn_verbose,")) return [];
    const fields = line.split(",");
    const at = fields.indexOf("exec");
    if (at < 2) return [];
    const [kind, , direction] = fields.slice(at + 2);
    const timed = fields[at - 1] === "primitive" ? at - 2 : at - 1;
    return [
      {
        began: Number(fields[timed]),
        kind: [
          kind,
          /forward|backward/.exec(direction)?.[0] === "backward"
            ? direction.replaceAll("_", " ")
            : "",
        ]
          .filter(Boolean)
          .join(", "),
        milliseconds: Number(fields.at(-1)),
      },
    ];
  });
}

/**
 * @param {{kind: string, milliseconds: number}[]} executions
 * @returns {Map<string, {count: number, milliseconds: number}>} Totals by kind.
 */
function addUp(executions) {
  const totals = new Map();
  for (const { kind, milliseconds } of executions) {
    const total = totals.get(kind) ?? { count: 0, milliseconds: 0 };
    total.count += 1;
    total.milliseconds += milliseconds;
    totals.set(kind, total);
  }
  return totals;
}

/** @param {import("./job.mjs").ModelRow} model */
function hasConvolutions(model) {
  return model.layers.some(({ kind }) => kind === "convolution");
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
