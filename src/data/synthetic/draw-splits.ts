/**
 * Draws the training and test images of a synthetic data set and shows the progress.
 */
import { display, type DisplayHandle } from "../../notebook/display";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { count } from "../../notebook/quantity";
import { drawImages, type SyntheticImages } from "./draw-images";

/** Time before the progress line appears, and between its updates. */
const UPDATE_MILLISECONDS = 1_000;

/** Options of {@link drawSplits}. */
interface SplitOptions {
  readonly trainSamples?: number | undefined;
  readonly testSamples?: number | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Draws training and test images, by default as many as in the real data set.
 *
 * Throws the same errors as {@link drawImages}.
 */
export async function drawSplits(
  entry: DatasetEntry,
  { trainSamples, testSamples, seed, signal }: SplitOptions,
): Promise<{ train: SyntheticImages; test: SyntheticImages }> {
  const train = trainSamples ?? entry.trainSamples;
  const test = testSamples ?? entry.testSamples;
  const update = progressLine(entry.title, train + test);
  const draw = (samples: number, stream: number, before: number) =>
    drawImages(entry.name, samples, {
      ...{ seed, stream },
      ...(signal && { signal }),
      report: (done) => update(before + done),
    });
  return { train: await draw(train, 0, 0), test: await draw(test, 1, train) };
}

/** Returns a function that updates a line, shown only if drawing takes longer than a second. */
function progressLine(title: string, total: number): (done: number) => void {
  let last = performance.now();
  let line: DisplayHandle | undefined;
  return (done) => {
    const now = performance.now();
    const isLast = done === total && line !== undefined;
    if (now - last < UPDATE_MILLISECONDS && !isLast) return;
    last = now;
    const text = `Drawing synthetic images for ${title}: ${count(done)} of ${count(total)}`;
    if (line === undefined) line = display({ "text/plain": text });
    else line.update({ "text/plain": text });
  };
}
