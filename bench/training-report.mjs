/**
 * Formats the output of the training benchmark.
 */
import { jobTitle } from "./job.mjs";
import { textTable } from "./text-table.mjs";
import { comparisons, own, summarize } from "./training-ratios.mjs";

/**
 * Formats the results of one job.
 *
 * @param {import("./training-ratios.mjs").Result} result
 */
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
    `${jobTitle(job)} (${model.title}): batches of ${model.batchSize}, ${samples} samples per epoch, ${predictSamples} images predicted`,
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
        "MB total",
      ],
      rows,
    ),
    ...arithmeticLines(medians),
    ...ratioLines(ratios),
    ...failures.map(({ name }) => `${name} failed.`),
  ].join("\n");
}

/**
 * Returns the operations per second in training, and their share of the processor's peak rate.
 *
 * The operations of a convolution are counted by its definition. Winograd's algorithm needs fewer,
 * so the share may exceed 100 %.
 *
 * @param {import("./training-ratios.mjs").Medians} medians
 */
export function arithmeticOf({ [own]: ours }) {
  if (!ours?.operationsPerSample) return undefined;
  const { operationsPerSample, secondsPerSample, peakRate } = ours;
  const rate = operationsPerSample / secondsPerSample;
  const share = peakRate ? `${((100 * rate) / peakRate).toFixed(0)} %` : "-";
  return { rate: (rate / 1e9).toFixed(0), share };
}

/** @param {import("./training-ratios.mjs").Medians} medians */
function arithmeticLines(medians) {
  const found = arithmeticOf(medians);
  if (found === undefined) return [];
  const { rate, share } = found;
  const ofPeak = share === "-" ? "" : `, ${share} of the processor's peak rate`;
  return [`${own} trains at ${rate} GFLOP/s${ofPeak}.`];
}

/** @param {import("./training-ratios.mjs").Result["ratios"]} ratios */
function ratioLines({ secondsPerSample: training }) {
  if (training?.best === undefined) return [];
  const { reference: keras, best, bestName } = training;
  return [
    ...(keras === undefined
      ? []
      : [
          `Keras on TensorFlow takes ${keras.toFixed(2)} times convnotes' time per sample.`,
        ]),
    `The fastest peer, ${bestName}, takes ${best.toFixed(2)} times convnotes' time per sample.`,
  ];
}

/**
 * Formats the comparison of all jobs, and the median and the worst ratio of each value.
 *
 * @param {readonly import("./training-ratios.mjs").Result[]} results
 */
export function summaryText(results) {
  const compared = results.filter(
    ({ ratios }) => ratios.secondsPerSample?.best !== undefined,
  );
  if (compared.length === 0) return "";
  /** @param {number | undefined} ratio */
  const shown = (ratio) => ratio?.toFixed(2) ?? "-";
  const perJob = compared.map(({ job, medians, ratios }) => [
    jobTitle(job),
    microseconds(medians[own].secondsPerSample),
    shown(ratios.secondsPerSample.reference),
    shown(ratios.secondsPerSample.best),
    ratios.secondsPerSample.bestName ?? "-",
  ]);
  const summary = summarize(compared);
  const perFigure = comparisons.map(({ name, title }) => [
    title,
    ...["reference", "best"].flatMap((peer) => {
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
    "The same ratio for every value, over all rows above; for memory, the peer's over convnotes':",
    textTable(
      ["", "Keras: median", "Keras: worst", "best peer: median", "worst"],
      perFigure,
    ),
  ].join("\n");
}

/**
 * Formats seconds as microseconds, with up to three significant digits.
 *
 * @param {number} value
 */
export function microseconds(value) {
  const number = value * 1e6;
  return number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0);
}

/**
 * Formats seconds with the significant decimal places.
 *
 * @param {number} value
 */
function seconds(value) {
  return value.toFixed(value < 1 ? 3 : 2);
}
