/**
 * Benchmarks training of the course's models with convnotes and its peers.
 *
 * A measurement is one process that trains one model for some epochs, then evaluates and predicts.
 * Every competitor is measured once per turn, each turn starts with another competitor, and the
 * median over the turns is reported.
 */
import { writeFileSync } from "node:fs";
import {
  competitorNames,
  findCompetitors,
  measure,
  defaultCompetitors,
} from "./competitors.mjs";
import { benchDocument } from "./document.mjs";
import { atBatchSize, chosenModels, jobTitle, sizeJob } from "./job.mjs";
import { BenchError } from "./bench-error.mjs";
import { choose, outputFile, positiveNumber, wholeNumber } from "./options.mjs";
import { peakRate } from "./peak-rate.mjs";
import { median } from "./statistics.mjs";
import { ratiosOf, summarize } from "./training-ratios.mjs";
import { describe, microseconds, summaryText } from "./training-report.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- training [options]

Trains the course's models with plain fit, each with its lesson's batch size, and prints times and ratios. All models
take about an hour on two idle cores.

  --models 1,4         models (default: all, 0a,0b,0c,1,2,3a,3b,3c,3d,4)
  --competitors A,B    some of ${competitorNames.join(", ")}
                       (default: all except convnotes-graph, whose steps are TensorFlow graphs, torch-compile, and
                       keras-tensorflow-onednn, which is Keras with TF_ENABLE_ONEDNN_OPTS=1)
  --turns N            measurements of each competitor (default: 5)
  --epochs N           epochs per measurement, at least 2; the first is reported separately (default: 4)
  --samples-scale X,Y  factors of the samples per epoch; several show how the cost grows (default: 1)
  --widths 1,2,4       factors of filters and units, of all layers except the last (default: 1)
  --batch-sizes 1,256  batch sizes (default: each lesson's)
  --torch-python FILE  a Python with PyTorch, if .venv-bench and .venv have none
  --json FILE          write all values to FILE, after every model`;

/** The options, as for parseArgs. */
export const options = {
  models: { type: "string" },
  competitors: { type: "string" },
  turns: { type: "string", default: "5" },
  epochs: { type: "string", default: "4" },
  "samples-scale": { type: "string", default: "1" },
  widths: { type: "string", default: "1" },
  "batch-sizes": { type: "string" },
  "torch-python": { type: "string" },
  json: { type: "string" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code: 1 if a measurement failed.
 * @throws {Error} If an option is invalid.
 */
export async function run(values) {
  const options = checked(values);
  const competitors = findCompetitors(options.competitors, options);
  if (competitors.length === 0)
    throw new BenchError(
      "ERR_PROCESS",
      "Expected at least one competitor that can be measured, found none.",
    );
  const jobs = options.models.flatMap((model) =>
    options.widths.flatMap((width) =>
      options.batchSizes.flatMap((batchSize) =>
        options.scales.map((scale) =>
          sizeJob(atBatchSize(model, batchSize), {
            width,
            scale,
            epochs: options.epochs,
          }),
        ),
      ),
    ),
  );
  const results = [];
  const rate = peakRate();
  for (const job of jobs) {
    const result = compete(job, competitors, options.turns, rate);
    results.push(result);
    console.log(`\n${describe(result)}\n`);
    if (options.json) writeFileSync(options.json, toJson(options, results));
  }
  if (results.length > 1) console.log(summaryText(results));
  if (options.json) console.log(`Wrote all values to ${options.json}.`);
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

/**
 * @param {Record<string, string>} values
 * @returns The checked options.
 */
function checked(values) {
  return {
    models: chosenModels(values.models),
    competitors: choose(
      "--competitors",
      values.competitors ?? defaultCompetitors.join(","),
      competitorNames,
    ),
    turns: wholeNumber("--turns", values.turns, 1),
    epochs: wholeNumber("--epochs", values.epochs, 2),
    scales: values["samples-scale"]
      .split(",")
      .map((scale) => positiveNumber("--samples-scale", scale)),
    widths: values.widths
      .split(",")
      .map((width) => wholeNumber("--widths", width, 1)),
    batchSizes: values["batch-sizes"]
      ?.split(",")
      .map((size) => wholeNumber("--batch-sizes", size, 1)) ?? [undefined],
    torchPython: values["torch-python"],
    json: outputFile("--json", values.json),
  };
}

/**
 * Measures the competitors alternately on one job. A competitor that fails is not measured again.
 *
 * @param {import("./job.mjs").Job} job
 * @param {readonly import("./competitors.mjs").Competitor[]} competitors
 * @param {number} turns
 * @param {number | undefined} rate Peak operations per second of the processor, if known.
 */
function compete(job, competitors, turns, rate) {
  /** @type {Record<string, Record<string, any>[]>} */
  const runs = {};
  /** @type {import("./training-ratios.mjs").Result["failures"]} */
  const failures = [];
  for (let turn = 0; turn < turns; turn += 1) {
    for (let position = 0; position < competitors.length; position += 1) {
      const competitor = competitors[(turn + position) % competitors.length];
      const { name } = competitor;
      if (failures.some((failure) => failure.name === name)) continue;
      const began = performance.now();
      const { figures, problem } = measure(competitor, job);
      const took = ((performance.now() - began) / 1000).toFixed(0);
      const start = `${jobTitle(job)}, turn ${turn + 1} of ${turns}, ${name}:`;
      if (figures === undefined) {
        failures.push({ name, problem });
        delete runs[name];
        console.error(`${start} failed after ${took} s.\n${problem}`);
        continue;
      }
      const secondsPerSample =
        median(figures.secondsPerEpoch.slice(1)) / job.samples;
      const own = figures.operationsPerSample && rate ? { peakRate: rate } : {};
      (runs[name] ??= []).push({ ...figures, ...own, secondsPerSample });
      const disturbed =
        figures.foreignLoad > 0.05
          ? `; other processes kept ${(figures.foreignLoad * 100).toFixed(0)} % of the cores busy`
          : "";
      console.log(
        `${start} ${microseconds(secondsPerSample)} µs per sample (${took} s in total${disturbed})`,
      );
    }
  }
  /** @type {Record<string, Record<string, number>>} */
  const medians = Object.fromEntries(
    Object.entries(runs).map(([name, measured]) => [name, mediansOf(measured)]),
  );
  const counts = new Set(
    Object.values(medians).map(({ parameters }) => parameters),
  );
  if (counts.size > 1) {
    failures.push({
      name: "all",
      problem: `Expected all competitors' models to have the same number of parameters, received ${[...counts].join(" and ")}.`,
    });
  }
  return { job, runs, medians, failures, ratios: ratiosOf(medians) };
}

/**
 * Returns the median of every numeric value.
 *
 * @param {Record<string, any>[]} runs
 */
function mediansOf(runs) {
  return Object.fromEntries(
    Object.keys(runs[0])
      .filter((name) => typeof runs[0][name] === "number")
      .map((name) => [name, median(runs.map((run) => run[name]))]),
  );
}

/**
 * Creates the JSON document: durations in seconds, memory in MB of 2^20 bytes.
 *
 * @param {ReturnType<typeof checked>} options
 * @param {readonly import("./training-ratios.mjs").Result[]} results
 */
function toJson(options, results) {
  const { models, competitors, turns, epochs, scales, widths } = options;
  const settings = {
    models: models.map(({ name }) => name),
    competitors,
    turns,
    epochs,
    scales,
    widths,
  };
  const rows = results.map(({ job, ...rest }) => {
    const { model, ...size } = job;
    return {
      model: model.name,
      title: model.title,
      batchSize: model.batchSize,
      ...size,
      ...rest,
    };
  });
  return benchDocument("training", settings, rows, {
    summary: summarize(results),
  });
}
