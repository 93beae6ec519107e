/** Formats benchmark results as the Markdown tables of the documents. */
import { machineText } from "./machine.mjs";
import { comparisons, own, ratiosOf } from "./training-ratios.mjs";
import { arithmeticOf, microseconds } from "./training-report.mjs";

/** @typedef {import("./report-results.mjs").Document} Document */
/** @typedef {import("./report-results.mjs").Row} Row */

/**
 * The competitors' names in the tables.
 *
 * @type {Readonly<Record<string, string>>}
 */
const titles = {
  convnotes: "convnotes",
  "convnotes-graph": "convnotes, as graphs",
  "stock-tfjs": "TensorFlow.js",
  "keras-tensorflow": "Keras on TensorFlow",
  "keras-jax": "Keras on JAX",
  torch: "PyTorch",
  "torch-compile": "PyTorch, compiled",
};

/**
 * For each table, the name of its results in bench/results/ and the function that formats it.
 *
 * @type {Record<string, { results: string, write: (document: Document) => string }>}
 */
export const tables = {
  training: { results: "training", write: trainingTable },
  "training-other": { results: "training", write: otherFiguresTable },
  widths: { results: "widths", write: trainingTable },
  "batch-sizes": { results: "batch-sizes", write: trainingTable },
  graphs: { results: "graphs", write: trainingTable },
  kernel: { results: "kernel", write: kernelTable },
  data: { results: "data", write: dataTable },
};

/**
 * Formats the time per sample of every competitor, with its ratio to convnotes' in brackets.
 *
 * @param {Document} document
 */
function trainingTable(document) {
  const { results } = document;
  const names = Object.keys(results[0].figures);
  const [first, ...peers] = [own, ...names.filter((name) => name !== own)];
  const rows = results.map((result) => {
    const ours = result.figures[first].secondsPerSample;
    return [
      rowTitle(result),
      microseconds(ours.median),
      ...peers.map((name) => {
        const theirs = result.figures[name]?.secondsPerSample;
        if (theirs === undefined) return "-";
        const ratio = (theirs.median / ours.median).toFixed(2);
        return `${microseconds(theirs.median)} (${ratio})`;
      }),
    ];
  });
  const heading = [
    "model, batch",
    `${titles[first]}, µs per sample`,
    ...peers.map((name) => titles[name] ?? name),
  ];
  return [markdown(heading, rows), "", caption(document)].join("\n");
}

/**
 * Formats the other values: the ratio of the fastest peer to convnotes, and the share of the
 * processor's arithmetic.
 *
 * @param {Document} document
 */
function otherFiguresTable(document) {
  const others = comparisons.filter(({ name }) => name !== "secondsPerSample");
  const rows = document.results.map((result) => {
    const medians = mediansOf(result);
    const ratios = ratiosOf(medians);
    const arithmetic = arithmeticOf(medians);
    return [
      rowTitle(result),
      ...others.map(({ name }) => ratios[name]?.best?.toFixed(2) ?? "-"),
      arithmetic?.rate ?? "-",
      arithmetic?.share ?? "-",
    ];
  });
  const heading = [
    "model, batch",
    ...others.map(({ title }) => title),
    "GFLOP/s",
    "share of the processor's",
  ];
  return [markdown(heading, rows), "", caption(document)].join("\n");
}

/**
 * Formats the milliseconds of each kernel.
 *
 * @param {Document} document
 */
function kernelTable(document) {
  const kernels = Object.keys(document.results[0].figures);
  const rows = document.results.map(({ title, figures }) => [
    title,
    ...kernels.map((kernel) => figures[kernel].milliseconds?.median ?? ""),
  ]);
  return [
    markdown(["milliseconds", ...kernels], rows),
    "",
    caption(document),
  ].join("\n");
}

/**
 * Formats the time and memory of each reader.
 *
 * @param {Document} document
 */
function dataTable(document) {
  const rows = document.results.map(({ title, figures }) => {
    const { seconds, added } = figures[title];
    return [
      title,
      (seconds.median * 1000).toFixed(0),
      (added.median / 1e6).toFixed(0),
    ];
  });
  const heading = ["reader", "milliseconds", "megabytes"];
  return [markdown(heading, rows), "", caption(document)].join("\n");
}

/**
 * @param {Row} row
 * @returns {Record<string, Record<string, number>>} The medians by competitor and value.
 */
function mediansOf({ figures }) {
  const entries = Object.entries(figures).map(([name, each]) => [
    name,
    Object.fromEntries(
      Object.entries(each).map(([figure, { median }]) => [figure, median]),
    ),
  ]);
  return Object.fromEntries(entries);
}

/** @param {Row} row */
function rowTitle({ model, batchSize, width }) {
  const wide = width === 1 ? "" : `, ${width} times as wide`;
  return `${model}${wide}, ${batchSize}`;
}

/**
 * Returns when, where and how the values were measured.
 *
 * @param {Document} document
 */
function caption({ date, machine, command, note, settings }) {
  const turns = settings?.turns;
  const medians =
    turns === undefined
      ? ""
      : turns === 1
        ? ", one turn"
        : `, medians of ${turns} turns`;
  const remark = note === undefined ? "" : ` ${note}`;
  return `Measured on ${date}, ${machineText(machine)}${medians}: \`${command}\`.${remark}`;
}

/**
 * @param {readonly (string | number)[]} heading
 * @param {readonly (readonly (string | number)[])[]} rows
 * @returns {string} The table as Markdown.
 */
function markdown(heading, rows) {
  /** @param {readonly (string | number)[]} cells */
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = heading.map((_, column) => (column === 0 ? "---" : "---:"));
  return [heading, rule, ...rows].map(line).join("\n");
}
