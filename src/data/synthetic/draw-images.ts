/**
 * Draws synthetic images from a seed, for use without the real data set.
 */
import { setImmediate } from "node:timers/promises";
import { entryOf } from "../catalog/catalog";
import type { DatasetName } from "../catalog/dataset-entry";
import { checkInteger } from "../check-integer";
import { NdArray } from "../nd-array";
import { Canvas } from "./canvas";
import { clothesPainter } from "./sets/clothes";
import { digitsPainter } from "./sets/digits";
import { hundredThingsPainter } from "./sets/hundred-things";
import type { Painter } from "./painter";
import { Random } from "./random";
import { thingsPainter } from "./sets/things";

/** Time after which drawing yields to the event loop. */
const YIELD_MILLISECONDS = 8;

const painters: Readonly<Record<DatasetName, Painter>> = {
  "cifar-10": thingsPainter,
  "cifar-100": hundredThingsPainter,
  mnist: digitsPainter,
  "fashion-mnist": clothesPainter,
};

/** Options of {@link drawImages}. */
interface DrawOptions {
  /** Seed, an integer from 0 to 4294967295. */
  readonly seed: number;
  /** Sequence of images for the seed, an integer from 0 to 1024: 0 for training, 1 for test. */
  readonly stream: number;
  /** Aborts the drawing. */
  readonly signal?: AbortSignal;
  /** Called with the number of images drawn, every few milliseconds and at the end. */
  readonly report?: (done: number, total: number) => void;
}

/** Images of shape (n, height, width, channels) and labels of shape (n, labels per image). */
export interface SyntheticImages {
  readonly images: NdArray;
  readonly labels: NdArray;
}

/**
 * Draws the first `samples` images of a seed's stream, in the style of a data set and in its shape.
 *
 * The same seed and stream give the same bytes on every machine, and the first images do not depend
 * on `samples`. Drawing takes about 0.1 ms per image and yields to the event loop every few
 * milliseconds.
 *
 * Throws a {@link DatasetError} if the name is unknown or a number is out of range. Throws the
 * reason of `signal` if it is aborted.
 */
export async function drawImages(
  name: DatasetName,
  samples: number,
  { seed, stream, signal, report }: DrawOptions,
): Promise<SyntheticImages> {
  const { imageShape } = entryOf(name);
  checkInteger("samples", samples, 0, 2 ** 20);
  checkInteger("seed", seed, 0, 2 ** 32 - 1);
  checkInteger("stream", stream, 0, 2 ** 10);
  const painter = painters[name];
  const random = new Random(seed, stream);
  const canvas = new Canvas(painter.style.size, painter.style.channels);
  const imageSize = canvas.pixels.length;
  const labelSize = painter.labelBytes(0).length;
  const images = new Uint8Array(samples * imageSize);
  const labels = new Uint8Array(samples * labelSize);
  signal?.throwIfAborted();
  let block: number[] = [];
  let nextYield = performance.now() + YIELD_MILLISECONDS;
  for (let sample = 0; sample < samples; sample++) {
    if (block.length === 0) block = random.shuffle(painter.labels());
    const label = block.pop()!;
    painter.paint(canvas, random, label);
    canvas.writeBytes(images, sample * imageSize);
    labels.set(painter.labelBytes(label), sample * labelSize);
    if (performance.now() < nextYield) continue;
    report?.(sample + 1, samples);
    await setImmediate();
    signal?.throwIfAborted();
    nextYield = performance.now() + YIELD_MILLISECONDS;
  }
  report?.(samples, samples);
  return {
    images: new NdArray(images, [samples, ...imageShape]),
    labels: new NdArray(labels, [samples, labelSize]),
  };
}
