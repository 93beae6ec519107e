/**
 * Convnotes against its peers, as ratios.
 */
import { jobTitle } from "./job.mjs";
import { median } from "./statistics.mjs";

/** The project's own competitor, and the one it is measured by. */
export const [own, yardstick] = ["convnotes", "keras-tensorflow"];

/** The project's own in another way, which is no peer. */
const ownOtherwise = ["convnotes-graph"];

/**
 * Figures that are compared, in the order of the summary. Of all of them less is better.
 *
 * @type {readonly {name: string, title: string}[]}
 */
export const comparisons = [
  { name: "secondsPerSample", title: "training" },
  { name: "firstEpoch", title: "first epoch with set-up" },
  { name: "startToFirstEpoch", title: "process start to first epoch" },
  { name: "evaluate", title: "evaluate" },
  { name: "predictOne", title: "predict 1 image" },
  { name: "predictMany", title: "predict many images" },
  { name: "peakTrainingMegabytes", title: "peak memory, training" },
  { name: "peakMegabytes", title: "peak memory, all" },
];

/**
 * How many times less convnotes needs than Keras on TensorFlow, and than the best of all its peers.
 *
 * @param {Record<string, Record<string, number>>} medians
 * @returns {Record<string, {yardstick?: number, best?: number, bestName?: string}>} By figure; empty without convnotes.
 */
export function ratiosOf(medians) {
  const { [own]: ours, ...others } = medians;
  if (ours === undefined) return {};
  const peers = Object.fromEntries(
    Object.entries(others).filter(([name]) => !ownOtherwise.includes(name)),
  );
  return Object.fromEntries(
    comparisons.map(({ name }) => {
      const [best] = Object.entries(peers).sort(
        ([, one], [, other]) => one[name] - other[name],
      );
      const keras = peers[yardstick];
      return [
        name,
        {
          ...(keras && { yardstick: keras[name] / ours[name] }),
          ...(best && {
            best: best[1][name] / ours[name],
            bestName: best[0],
          }),
        },
      ];
    }),
  );
}

/** Median and worst ratio over the jobs, by figure and peer. */
export function summarise(results) {
  return Object.fromEntries(
    comparisons.map(({ name }) => {
      const entries = ["yardstick", "best"].flatMap((peer) => {
        const found = results.filter(
          ({ ratios }) => ratios[name]?.[peer] !== undefined,
        );
        if (found.length === 0) return [];
        const [worst] = [...found].sort(
          (one, other) => one.ratios[name][peer] - other.ratios[name][peer],
        );
        const figures = {
          median: median(found.map(({ ratios }) => ratios[name][peer])),
          worst: worst.ratios[name][peer],
          worstAt: jobTitle(worst.job),
        };
        return [[peer, figures]];
      });
      return [name, Object.fromEntries(entries)];
    }),
  );
}
