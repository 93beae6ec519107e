/**
 * What the engine saves or costs where it could cost something.
 *
 * Every row is a workload that is measured in several ways, among them with CONVNOTES_ENGINE=off, which is TensorFlow.js
 * as it comes. Each measurement is a fresh process. The ways take turns, each turn begins with another one, and of each
 * figure the median over the turns is taken.
 */
import { writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choose, typeScriptRegister, wholeNumber } from "./job.mjs";
import { measureProcess } from "./process.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/**
 * @typedef {object} Way How a row is measured.
 * @property {string} name
 * @property {string} workload Of engine/convnotes.ts.
 * @property {"on" | "off"} engine
 *
 * @typedef {{seconds: number, secondsPerStep?: number, cpuSeconds: number, peakMegabytes: number, foreignLoad: number}} Figures
 * @typedef {{name: string, about: string, ways: Way[], conclusion: (medians: Record<string, Figures>) => string[]}} Row
 */

/** Both ways of a workload that is the same with and without the engine. */
const onAndOff = (workload) => [
  { name: "on", workload, engine: "on" },
  { name: "plain", workload, engine: "off" },
];

/** A model of parts of TensorFlow.js, and the same model with a layer and a loss of the user's. */
const stockAndOwn = (model) => [
  { name: "stock, on", workload: `${model}-stock`, engine: "on" },
  { name: "own, on", workload: `${model}-own`, engine: "on" },
  { name: "own, plain", workload: `${model}-own`, engine: "off" },
];

/** @type {Row[]} */
const rows = [
  {
    name: "long-recurrence",
    about: "LSTM over 100 steps, one fit of 240 training steps",
    ways: onAndOff("long-recurrence"),
    conclusion: onToPlain,
  },
  {
    name: "shapes-in-turn",
    about: "texts of 20 lengths in turn, 400 training steps",
    ways: onAndOff("shapes-in-turn"),
    conclusion: onToPlain,
  },
  {
    name: "shapes-once",
    about: "texts of 60 lengths, each length once",
    ways: onAndOff("shapes-once"),
    conclusion: onToPlain,
  },
  {
    name: "models-in-turn",
    about: "60 models of 4 MB, each trained and disposed of",
    ways: onAndOff("models-in-turn"),
    conclusion: onToPlain,
  },
  {
    name: "own-parts-dense",
    about: "a small dense model with the user's own layer and loss",
    ways: stockAndOwn("dense"),
    conclusion: shareKept,
  },
  {
    name: "own-parts-cnn",
    about: "lesson 1's model with the user's own layer and loss",
    ways: stockAndOwn("cnn"),
    conclusion: shareKept,
  },
  {
    name: "course-fit",
    about: "lesson 3's small dense model: fit of the course, and model.fit",
    ways: [
      { name: "fit, on", workload: "course-fit", engine: "on" },
      { name: "model.fit, on", workload: "model-fit", engine: "on" },
      { name: "fit, plain", workload: "course-fit", engine: "off" },
      { name: "model.fit, plain", workload: "model-fit", engine: "off" },
    ],
    conclusion: (medians) => [
      ratio(medians, "secondsPerStep", "fit, on", "model.fit, on"),
      ratio(medians, "secondsPerStep", "fit, on", "fit, plain"),
      ratio(medians, "peakMegabytes", "fit, on", "fit, plain"),
    ],
  },
];

const HELP = `Usage: npm run bench -- engine [options]

Compares the engine with CONVNOTES_ENGINE=off, plain TensorFlow.js, in fresh processes by turns: medians, and ratios of
time and peak memory. All rows take about eight minutes on two cores that nobody else uses, half of that the first. Rows:

${rows.map(({ name, about }) => `  ${name.padEnd(17)}${about}`).join("\n")}

  --rows A,B   some of the rows (all)
  --turns N    turns of each way; the median is taken (3)
  --json FILE  writes all figures to FILE, after every row`;

/**
 * Runs the bench.
 *
 * @param {string[]} parameters Of the command line.
 * @returns {Promise<number>} The exit code: 1 if a measurement failed.
 * @throws {Error} On an option that cannot be.
 */
export async function run(parameters) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      rows: { type: "string" },
      turns: { type: "string", default: "3" },
      json: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const chosen = choose(
    "--rows",
    values.rows,
    rows.map(({ name }) => name),
  );
  const turns = wholeNumber("--turns", values.turns, 1);
  const machine = {
    processor: os.cpus()[0]?.model,
    cores: os.cpus().length,
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
  };
  console.log(
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, Node ${machine.node}`,
  );
  const results = [];
  for (const name of chosen) {
    const row = rows.find((row) => row.name === name);
    const result = measureRow(row, turns);
    results.push(result);
    console.log(`\n${describe(row, result)}\n`);
    if (values.json) {
      const document = {
        date: new Date().toISOString(),
        machine,
        settings: { rows: chosen, turns },
        results,
      };
      writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
    }
  }
  if (values.json) console.log(`All figures are in ${values.json}.`);
  return results.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

/**
 * Lets the ways of a row take turns. One that fails is not asked again.
 *
 * @param {Row} row
 * @param {number} turns
 */
function measureRow({ name, ways }, turns) {
  /** @type {Record<string, Figures[]>} */
  const runs = {};
  const failed = [];
  for (let turn = 0; turn < turns; turn += 1) {
    for (let place = 0; place < ways.length; place += 1) {
      const way = ways[(turn + place) % ways.length];
      if (failed.includes(way.name)) continue;
      const start = `${name}, turn ${turn + 1} of ${turns}, ${way.name}:`;
      const { figures, problem } = measure(way);
      if (figures === undefined) {
        failed.push(way.name);
        delete runs[way.name];
        console.error(`${start} failed.\n${problem}`);
        continue;
      }
      (runs[way.name] ??= []).push(figures);
      const disturbed =
        figures.foreignLoad > 0.05
          ? `; other processes kept ${(figures.foreignLoad * 100).toFixed(0)} % of the cores busy`
          : "";
      console.log(
        `${start} ${figures.seconds.toFixed(1)} s, ${figures.peakMegabytes.toFixed(0)} MB${disturbed}`,
      );
    }
  }
  /** @type {Record<string, Figures>} */
  const medians = {};
  for (const { name } of ways) {
    const measured = runs[name];
    if (measured === undefined) continue;
    medians[name] = Object.fromEntries(
      Object.keys(measured[0])
        .filter((figure) => typeof measured[0][figure] === "number")
        .map((figure) => [figure, median(measured.map((run) => run[figure]))]),
    );
  }
  return { name, runs, medians, failed };
}

/** @param {Way} way */
function measure({ workload, engine }) {
  return measureProcess(
    [
      process.execPath,
      "--require",
      typeScriptRegister,
      join("bench", "engine", "convnotes.ts"),
      `--workload=${workload}`,
    ],
    { CONVNOTES_ENGINE: engine },
    "seconds",
  );
}

/**
 * A row's table and what follows from it.
 *
 * @param {Row} row
 * @param {ReturnType<typeof measureRow>} result
 */
function describe({ name, about, ways, conclusion }, { medians, failed }) {
  const measured = Object.entries(medians);
  const hasSteps = measured.some(([, figures]) => figures.secondsPerStep);
  const table = textTable(
    ["", ...(hasSteps ? ["ms a step"] : []), "s", "CPU s", "MB"],
    measured.map(([way, figures]) => [
      way,
      ...(hasSteps ? [(figures.secondsPerStep * 1000).toFixed(3)] : []),
      figures.seconds.toFixed(1),
      figures.cpuSeconds.toFixed(1),
      figures.peakMegabytes.toFixed(0),
    ]),
  );
  return [
    `${name}: ${about}`,
    table,
    ...(measured.length === ways.length ? conclusion(medians) : []),
    ...failed.map((way) => `${way} has failed.`),
  ].join("\n");
}

/** @type {Row["conclusion"]} */
function onToPlain(medians) {
  return [
    ratio(medians, "seconds", "on", "plain"),
    ratio(medians, "cpuSeconds", "on", "plain"),
    ratio(medians, "peakMegabytes", "on", "plain"),
  ];
}

/**
 * How much of what the engine saves is saved with the user's own parts too.
 *
 * @type {Row["conclusion"]}
 */
function shareKept(medians) {
  const step = (way) => medians[way].secondsPerStep;
  const saved = step("own, plain") - step("stock, on");
  const kept = (step("own, plain") - step("own, on")) / saved;
  return [
    ratio(medians, "secondsPerStep", "own, on", "own, plain"),
    ratio(medians, "peakMegabytes", "own, on", "own, plain"),
    saved > 0
      ? `Of the time that the engine saves with stock parts, ${(kept * 100).toFixed(0)} % are saved with own parts.`
      : "The engine saves no time here.",
  ];
}

const figureNames = {
  seconds: "Time",
  cpuSeconds: "CPU time",
  secondsPerStep: "Time of a step",
  peakMegabytes: "Peak memory",
};

/**
 * @param {Record<string, Figures>} medians
 * @param {keyof typeof figureNames} figure
 * @param {string} one
 * @param {string} other
 */
function ratio(medians, figure, one, other) {
  const value = medians[one][figure] / medians[other][figure];
  return `${figureNames[figure]}, ${one} to ${other}: ${value.toFixed(2)}`;
}
