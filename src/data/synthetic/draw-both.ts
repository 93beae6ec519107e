/**
 * Both parts of a data set, with a word on how far the drawing has come.
 */
import { display, type DisplayHandle } from "../../notebook/display";
import type { DatasetEntry } from "../catalogue/dataset-entry";
import { count } from "../quantity";
import { drawStandIn, type StandIn } from "./stand-in";

/** How long a drawing may take without a word, and between two words, in milliseconds. */
const WORD_MILLISECONDS = 1_000;

/** How many pictures, from what. */
export interface BothOptions {
  readonly trainSamples?: number | undefined;
  readonly testSamples?: number | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Draws training and test pictures, all of them unless told how many. Throws what `drawStandIn` throws. */
export async function drawBoth(
  entry: DatasetEntry,
  { trainSamples, testSamples, seed, signal }: BothOptions,
): Promise<{ train: StandIn; test: StandIn }> {
  const train = trainSamples ?? entry.trainSamples;
  const test = testSamples ?? entry.testSamples;
  const word = new Word(entry.title, train + test);
  const draw = (samples: number, stream: number, before: number) =>
    drawStandIn(entry.name, samples, {
      ...{ seed, stream },
      ...(signal && { signal }),
      report: (done) => word.say(before + done),
    });
  return { train: await draw(train, 0, 0), test: await draw(test, 1, train) };
}

/** One line that is rewritten; none at all where the drawing takes a moment only. */
class Word {
  readonly #title: string;
  readonly #total: number;
  #last = performance.now();
  #line: DisplayHandle | undefined;

  constructor(title: string, total: number) {
    this.#title = title;
    this.#total = total;
  }

  say(done: number): void {
    const now = performance.now();
    const isLast = done === this.#total && this.#line !== undefined;
    if (now - this.#last < WORD_MILLISECONDS && !isLast) return;
    this.#last = now;
    const text = `Drawing stand-in pictures for ${this.#title}: ${count(done)} of ${count(this.#total)}`;
    const line = { "text/plain": text };
    if (this.#line === undefined) this.#line = display(line);
    else this.#line.update(line);
  }
}
