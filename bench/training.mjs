/**
 * The course's models trained by convnotes and by its peers, by turns.
 *
 * A measurement is one process that trains one model for some epochs, then evaluates and predicts. Every competitor is
 * measured once a turn, each turn begins with another of them, and of each figure the median over the turns is taken.
 */
import { writeFileSync } from "node:fs";
import os from "node:os";
import { parseArgs } from "node:util";
import {
  competitorNames,
  findCompetitors,
  measure,
  usualCompetitors,
} from "./competitors.mjs";
import {
  atBatchSize,
  choose,
  chosenModels,
  jobTitle,
  positiveNumber,
  sizeJob,
  wholeNumber,
} from "./job.mjs";
import { median } from "./statistics.mjs";
import { ratiosOf, summarise } from "./training-ratios.mjs";
import {
  describe,
  markdownTable,
  microseconds,
  summaryText,
} from "./training-report.mjs";

const HELP = `Usage: npm run bench -- training [options]

Trains the course's models through plain fit, each at its lesson's batch size, and prints times and ratios. All of it takes about
an hour on two cores that nobody else uses.

  --models 1,4         some of the models (all: 0a,0b,0c,1,2,3a,3b,3c,3d,4)
  --competitors A,B    some of ${competitorNames.join(", ")}
                       (all but convnotes-graph, whose steps are TensorFlow graphs, torch-compile, and keras-tensorflow-onednn, which
                       is Keras with TF_ENABLE_ONEDNN_OPTS=1)
  --turns N            turns of each competitor; the median is taken (5)
  --epochs N           epochs of a turn, at least 2; the first one is reported apart (4)
  --samples-scale X,Y  factors of the samples of an epoch; more than one show how cost grows (1)
  --widths 1,2,4       factors of filters and units, of all layers but the last (1)
  --batch-sizes 1,256  samples of a batch (each lesson's)
  --torch-python FILE  a Python that has PyTorch, where .venv-bench and .venv have none
  --json FILE          writes all figures to FILE, after every model
  --markdown FILE      writes the table for the documents to FILE, after every model`;

/**
 * Runs the bench.
 *
 * @param {string[]} parameters Of the command line.
 * @returns {Promise<number>} The exit code: 1 if a measurement failed.
 * @throws {Error} On an option that cannot be.
 */
export async function run(parameters) {
  const options = readOptions(parameters);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const competitors = findCompetitors(options.competitors, options);
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
  for (const job of jobs) {
    const result = compete(job, competitors, options.turns);
    results.push(result);
    console.log(`\n${describe(result)}\n`);
    if (options.json) writeFileSync(options.json, toJson(options, results));
    if (options.markdown)
      writeFileSync(options.markdown, `${markdownTable(results)}\n`);
  }
  if (results.length > 1) console.log(summaryText(results));
  if (options.json) console.log(`All figures are in ${options.json}.`);
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

/**
 * @param {string[]} parameters
 * @returns Checked options, or undefined where only help is wanted.
 */
function readOptions(parameters) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      models: { type: "string" },
      competitors: { type: "string" },
      turns: { type: "string", default: "5" },
      epochs: { type: "string", default: "4" },
      "samples-scale": { type: "string", default: "1" },
      widths: { type: "string", default: "1" },
      "batch-sizes": { type: "string" },
      "torch-python": { type: "string" },
      json: { type: "string" },
      markdown: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  return {
    models: chosenModels(values.models),
    competitors: choose(
      "--competitors",
      values.competitors ?? usualCompetitors.join(","),
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
    json: values.json,
    markdown: values.markdown,
  };
}

/**
 * Lets the competitors take turns at one job. One that fails is not asked again.
 *
 * @param {import("./job.mjs").Job} job
 * @param {readonly import("./competitors.mjs").Competitor[]} competitors
 * @param {number} turns
 */
function compete(job, competitors, turns) {
  /** @type {Record<string, Record<string, any>[]>} */
  const runs = {};
  const failures = [];
  for (let turn = 0; turn < turns; turn += 1) {
    for (let place = 0; place < competitors.length; place += 1) {
      const competitor = competitors[(turn + place) % competitors.length];
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
      (runs[name] ??= []).push({ ...figures, secondsPerSample });
      const disturbed =
        figures.foreignLoad > 0.05
          ? `; other processes kept ${(figures.foreignLoad * 100).toFixed(0)} % of the cores busy`
          : "";
      console.log(
        `${start} ${microseconds(secondsPerSample)} µs a sample (${took} s in all${disturbed})`,
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
      problem: `Expected all models to have as many parameters, received ${[...counts].join(" and ")}.`,
    });
  }
  return { job, runs, medians, failures, ratios: ratiosOf(medians) };
}

/** The median of every figure that is a number. */
function mediansOf(runs) {
  return Object.fromEntries(
    Object.keys(runs[0])
      .filter((name) => typeof runs[0][name] === "number")
      .map((name) => [name, median(runs.map((run) => run[name]))]),
  );
}

/** Everything measured, durations in seconds, memory in MB of 2^20 bytes. */
function toJson(options, results) {
  const { models, competitors, turns, epochs, scales, widths } = options;
  const document = {
    date: new Date().toISOString(),
    machine: {
      processor: os.cpus()[0]?.model,
      cores: os.cpus().length,
      memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
      system: `${os.platform()} ${os.release()} ${os.arch()}`,
    },
    settings: {
      models: models.map(({ name }) => name),
      competitors,
      turns,
      epochs,
      scales,
      widths,
    },
    results: results.map(({ job, ...rest }) => {
      const { model, ...size } = job;
      return {
        model: model.name,
        title: model.title,
        batchSize: model.batchSize,
        ...size,
        ...rest,
      };
    }),
    summary: summarise(results),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
