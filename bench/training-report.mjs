/**
 * What the training bench prints.
 */
import { jobTitle } from "./job.mjs";
import { textTable } from "./text-table.mjs";
import { comparisons, own, summarise } from "./training-ratios.mjs";

/** One job's figures as text. */
export function describe({ job, runs, medians, ratios, failures }) {
  const rows = Object.entries(medians).map(([name, figures]) => {
    const each = runs[name].map(({ secondsPerSample }) => secondsPerSample);
    const range = `${microseconds(Math.min(...each))}-${microseconds(Math.max(...each))}`;
    return [
      name,
      microseconds(figures.secondsPerSample),
      range,
      seconds(figures.firstEpoch),
      seconds(figures.startToFirstEpoch),
      seconds(figures.evaluate),
      (figures.predictOneFirst * 1000).toFixed(1),
      (figures.predictOne * 1000).toFixed(2),
      seconds(figures.predictMany),
      figures.peakTrainingMegabytes.toFixed(0),
      figures.peakMegabytes.toFixed(0),
    ];
  });
  const { model, samples, predictSamples } = job;
  return [
    `${jobTitle(job)} (${model.title}): batches of ${model.batchSize}, ${samples} samples an epoch, ${predictSamples} images predicted`,
    textTable(
      [
        "",
        "µs/sample",
        "range",
        "first epoch s",
        "from start s",
        "evaluate s",
        "first predict ms",
        "predict 1 ms",
        "predict many s",
        "MB training",
        "MB in all",
      ],
      rows,
    ),
    ...arithmeticLines(medians),
    ...ratioLines(ratios),
    ...failures.map(({ name }) => `${name} has failed.`),
  ].join("\n");
}

/**
 * Operations a second in training, and their share of what the processor could do. Those of a convolution are counted as its definition has them: Winograd's
 * form takes fewer, so that the share may be above the processor's.
 */
function arithmeticOf({ [own]: ours }) {
  if (!ours?.operationsPerSample) return undefined;
  const { operationsPerSample, secondsPerSample, peakRate } = ours;
  const rate = operationsPerSample / secondsPerSample;
  const share = peakRate ? `${((100 * rate) / peakRate).toFixed(0)} %` : "-";
  return { rate: (rate / 1e9).toFixed(0), share };
}

function arithmeticLines(medians) {
  const found = arithmeticOf(medians);
  if (found === undefined) return [];
  return [
    `${own} trains at ${found.rate} GFLOP/s, ${found.share} of the processor's arithmetic.`,
  ];
}

function ratioLines({ secondsPerSample: training }) {
  if (training?.best === undefined) return [];
  const { yardstick: keras, best, bestName } = training;
  return [
    ...(keras === undefined
      ? []
      : [
          `Keras on TensorFlow takes ${keras.toFixed(2)} times convnotes' time a sample.`,
        ]),
    `The fastest peer, ${bestName}, takes ${best.toFixed(2)} times convnotes' time a sample.`,
  ];
}

/** All jobs side by side, then the median and the worst ratio of each figure. */
export function summaryText(results) {
  const compared = results.filter(
    ({ ratios }) => ratios.secondsPerSample?.best !== undefined,
  );
  if (compared.length === 0) return "";
  const shown = (ratio) => ratio?.toFixed(2) ?? "-";
  const perJob = compared.map(({ job, medians, ratios }) => [
    jobTitle(job),
    microseconds(medians[own].secondsPerSample),
    shown(ratios.secondsPerSample.yardstick),
    shown(ratios.secondsPerSample.best),
    ratios.secondsPerSample.bestName,
  ]);
  const summary = summarise(compared);
  const perFigure = comparisons.map(({ name, title }) => [
    title,
    ...["yardstick", "best"].flatMap((peer) => {
      const figures = summary[name][peer];
      return figures === undefined
        ? ["-", "-"]
        : [
            shown(figures.median),
            `${shown(figures.worst)} (${figures.worstAt})`,
          ];
    }),
  ]);
  return [
    "Time of the peer over time of convnotes; above 1, convnotes is faster.",
    textTable(
      ["", "µs/sample", "Keras on TensorFlow", "fastest peer", "which"],
      perJob,
    ),
    "",
    "The same ratio for every figure, over all rows above; for memory, the peer's over convnotes':",
    textTable(
      ["", "Keras: median", "Keras: worst", "best peer: median", "worst"],
      perFigure,
    ),
  ].join("\n");
}

/**
 * All jobs as a table in Markdown: time a sample of each competitor, in brackets over convnotes'; and for the other figures the best peer's
 * over convnotes'.
 */
export function markdownTable(results) {
  const names = [
    ...new Set(results.flatMap(({ medians }) => Object.keys(medians))),
  ];
  const peers = names.filter((name) => name !== own);
  const others = comparisons.filter(({ name }) => name !== "secondsPerSample");
  const header = [
    "model, batch",
    `${own}, µs a sample`,
    ...peers,
    "GFLOP/s, share of the processor's",
    ...others.map(({ title }) => title),
  ];
  const rows = results.map(({ job, medians, ratios }) => {
    const ours = medians[own]?.secondsPerSample;
    const arithmetic = arithmeticOf(medians);
    const of = (name) => {
      const theirs = medians[name]?.secondsPerSample;
      if (theirs === undefined) return "-";
      const ratio =
        ours && name !== own ? ` (${(theirs / ours).toFixed(2)})` : "";
      return microseconds(theirs) + ratio;
    };
    return [
      `${jobTitle(job).replace(/^model /, "")}, ${job.model.batchSize}`,
      ...[own, ...peers].map(of),
      arithmetic === undefined
        ? "-"
        : `${arithmetic.rate}, ${arithmetic.share}`,
      ...others.map(({ name }) => ratios[name]?.best?.toFixed(2) ?? "-"),
    ];
  });
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, column) => (column === 0 ? "---" : "---:"));
  return [header, rule, ...rows].map(line).join("\n");
}

/** Seconds as microseconds, with three figures where there are that many. */
export function microseconds(value) {
  const number = value * 1e6;
  return number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0);
}

/** Seconds with as many places as tell something. */
function seconds(value) {
  return value.toFixed(value < 1 ? 3 : 2);
}
