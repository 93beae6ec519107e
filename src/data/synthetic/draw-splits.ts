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
  const progress = new ProgressLine(entry.title, train + test);
  const draw = (samples: number, stream: number, before: number) =>
    drawImages(entry.name, samples, {
      ...{ seed, stream },
      ...(signal && { signal }),
      report: (done) => progress.update(before + done),
    });
  return { train: await draw(train, 0, 0), test: await draw(test, 1, train) };
}

/** Updated progress line, shown only if drawing takes longer than a second. */
class ProgressLine {
  readonly #title: string;
  readonly #total: number;
  #last = performance.now();
  #line: DisplayHandle | undefined;

  constructor(title: string, total: number) {
    this.#title = title;
    this.#total = total;
  }

  update(done: number): void {
    const now = performance.now();
    const isLast = done === this.#total && this.#line !== undefined;
    if (now - this.#last < UPDATE_MILLISECONDS && !isLast) return;
    this.#last = now;
    const text = `Drawing synthetic images for ${this.#title}: ${count(done)} of ${count(this.#total)}`;
    const line = { "text/plain": text };
    if (this.#line === undefined) this.#line = display(line);
    else this.#line.update(line);
  }
}
