/**
 * Computes the ratios between convnotes and its peers.
 */
import { jobTitle } from "./job.mjs";
import { median } from "./statistics.mjs";

/** The project's competitor, and the peer that it is primarily compared with. */
export const [own, reference] = ["convnotes", "keras-tensorflow"];

/**
 * @typedef {Record<string, Record<string, number>>} Medians By competitor and value.
 *
 * @typedef {{reference?: number, best?: number, bestName?: string}} Ratio Of Keras on TensorFlow,
 *   and of the best peer, to convnotes.
 *
 * @typedef {object} Result The measurements of one job.
 * @property {import("./job.mjs").Job} job
 * @property {Record<string, Record<string, any>[]>} runs By competitor.
 * @property {Medians} medians
 * @property {Record<string, Ratio>} ratios By value.
 * @property {{name: string, problem?: string}[]} failures
 */

/** Other configurations of the project, which are not peers. */
const ownVariants = ["convnotes-graph"];

/**
 * The compared values, in the order of the summary. Lower is better for all of them.
 *
 * @type {readonly {name: string, title: string}[]}
 */
export const comparisons = [
  { name: "secondsPerSample", title: "training" },
  { name: "firstEpoch", title: "first epoch with setup" },
  { name: "startToFirstEpoch", title: "process start to first epoch" },
  { name: "evaluate", title: "evaluate" },
  { name: "predictOne", title: "predict 1 image" },
  { name: "predictMany", title: "predict many images" },
  { name: "peakTrainingMegabytes", title: "peak memory, training" },
  { name: "peakMegabytes", title: "peak memory, all" },
];

/**
 * Computes the ratios of Keras on TensorFlow, and of the best peer, to convnotes.
 *
 * @param {Medians} medians
 * @returns {Record<string, Ratio>} By name of the value; empty without convnotes.
 */
export function ratiosOf(medians) {
  const { [own]: ours, ...others } = medians;
  if (ours === undefined) return {};
  const peers = Object.fromEntries(
    Object.entries(others).filter(([name]) => !ownVariants.includes(name)),
  );
  return Object.fromEntries(
    comparisons.map(({ name }) => {
      const [best] = Object.entries(peers).sort(
        ([, one], [, other]) => one[name] - other[name],
      );
      const keras = peers[reference];
      return [
        name,
        {
          ...(keras && { reference: keras[name] / ours[name] }),
          ...(best && {
            best: best[1][name] / ours[name],
            bestName: best[0],
          }),
        },
      ];
    }),
  );
}

/**
 * Returns the median and the worst ratio over the jobs, by value and peer.
 *
 * @param {readonly Result[]} results
 * @returns {Record<string, Record<string, {median: number, worst: number, worstAt: string}>>}
 */
export function summarize(results) {
  return Object.fromEntries(
    comparisons.map(({ name }) => {
      const peers = /** @type {const} */ (["reference", "best"]);
      const entries = peers.flatMap((peer) => {
        const found = results.flatMap(({ job, ratios }) => {
          const ratio = ratios[name]?.[peer];
          return ratio === undefined ? [] : [{ job, ratio }];
        });
        if (found.length === 0) return [];
        const [worst] = [...found].sort(
          (one, other) => one.ratio - other.ratio,
        );
        const figures = {
          median: median(found.map(({ ratio }) => ratio)),
          worst: worst.ratio,
          worstAt: jobTitle(worst.job),
        };
        return [[peer, figures]];
      });
      return [name, Object.fromEntries(entries)];
    }),
  );
}
