/**
 * Benchmarks the engine against plain TensorFlow.js on workloads where it could be slower.
 *
 * Every row is a workload that is measured in several ways, one of them with CONVNOTES_ENGINE=off,
 * which is unmodified TensorFlow.js. Each measurement is a new process. The ways alternate, each
 * turn starts with another one, and the median over the turns is reported.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchDocument } from "./document.mjs";
import { typeScriptRegister } from "./job.mjs";
import { choose, outputFile, wholeNumber } from "./options.mjs";
import { machineText, thisMachine } from "./machine.mjs";
import { measureProcess } from "./process.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/**
 * @typedef {object} Way One way to measure a row.
 * @property {string} name
 * @property {string} workload Name of a workload in engine/convnotes.ts.
 * @property {"on" | "off"} engine
 *
 * @typedef {Record<string, number>} Figures The values that engine/convnotes.ts prints, and
 *   `foreignLoad`.
 * @typedef {{name: string, about: string, ways: Way[], conclusion: (medians: Record<string,
 *   Figures>) => string[]}} Row
 */

/**
 * Returns the two ways of a workload that is the same with and without the engine.
 *
 * @param {string} workload
 * @returns {Way[]}
 */
const onAndOff = (workload) => [
  { name: "on", workload, engine: "on" },
  { name: "plain", workload, engine: "off" },
];

/**
 * Returns the ways for a model of TensorFlow.js's parts, and for the same model with a custom layer
 * and loss.
 *
 * @param {string} model
 * @returns {Way[]}
 */
const stockAndCustom = (model) => [
  { name: "stock, on", workload: `${model}-stock`, engine: "on" },
  { name: "custom, on", workload: `${model}-own`, engine: "on" },
  { name: "custom, plain", workload: `${model}-own`, engine: "off" },
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
    about: "texts of 20 alternating lengths, 400 training steps",
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
    about: "a small dense model with a custom layer and loss",
    ways: stockAndCustom("dense"),
    conclusion: savingKept,
  },
  {
    name: "own-parts-cnn",
    about: "lesson 1's model with a custom layer and loss",
    ways: stockAndCustom("cnn"),
    conclusion: savingKept,
  },
  {
    name: "course-fit",
    about: "lesson 3's small dense model: the course's fit, and model.fit",
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

/** The text for `--help`. */
export const help = `Usage: npm run bench -- engine [options]

Compares the engine with CONVNOTES_ENGINE=off, plain TensorFlow.js, in alternating new processes: medians, and ratios of
time and peak memory. All rows take about eight minutes on two idle cores, half of that for the first. Rows:

${rows.map(({ name, about }) => `  ${name.padEnd(17)}${about}`).join("\n")}

  --rows A,B   rows (default: all)
  --turns N    measurements of each way (default: 3)
  --json FILE  write all values to FILE, after every row`;

/** The options, as for parseArgs. */
export const options = {
  rows: { type: "string" },
  turns: { type: "string", default: "3" },
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
  const chosen = choose(
    "--rows",
    values.rows,
    rows.map(({ name }) => name),
  );
  const turns = wholeNumber("--turns", values.turns, 1);
  const json = outputFile("--json", values.json);
  console.log(machineText(thisMachine()));
  const results = [];
  for (const row of rows.filter(({ name }) => chosen.includes(name))) {
    const result = measureRow(row, turns);
    results.push(result);
    console.log(`\n${describe(row, result)}\n`);
    if (json) {
      const settings = { rows: chosen, turns };
      writeFileSync(json, benchDocument("engine", settings, results));
    }
  }
  if (json) console.log(`Wrote all values to ${json}.`);
  return results.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

/**
 * Measures the ways of a row alternately. A way that fails is not measured again.
 *
 * @param {Row} row
 * @param {number} turns
 */
function measureRow({ name, ways }, turns) {
  /** @type {Record<string, Figures[]>} */
  const runs = {};
  /** @type {string[]} */
  const failed = [];
  for (let turn = 0; turn < turns; turn += 1) {
    for (let position = 0; position < ways.length; position += 1) {
      const way = ways[(turn + position) % ways.length];
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
 * Formats a row's table and conclusions.
 *
 * @param {Row} row
 * @param {ReturnType<typeof measureRow>} result
 */
function describe({ name, about, ways, conclusion }, { medians, failed }) {
  const measured = Object.entries(medians);
  const hasSteps = measured.some(([, figures]) => figures.secondsPerStep);
  const table = textTable(
    ["", ...(hasSteps ? ["ms per step"] : []), "s", "CPU s", "MB"],
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
    ...failed.map((way) => `${way} failed.`),
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
 * Computes how much of the engine's saving remains with the custom parts.
 *
 * @type {Row["conclusion"]}
 */
function savingKept(medians) {
  /** @param {string} way */
  const step = (way) => medians[way].secondsPerStep;
  const saved = step("custom, plain") - step("stock, on");
  const kept = (step("custom, plain") - step("custom, on")) / saved;
  return [
    ratio(medians, "secondsPerStep", "custom, on", "custom, plain"),
    ratio(medians, "peakMegabytes", "custom, on", "custom, plain"),
    saved > 0
      ? `Of the time that the engine saves with stock parts, ${(kept * 100).toFixed(0)} % is saved with custom parts.`
      : "The engine saves no time here.",
  ];
}

const figureNames = {
  seconds: "Time",
  cpuSeconds: "CPU time",
  secondsPerStep: "Time per step",
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
