/**
 * Pictures by the thousand, drawn from a seed, for when a real data set is not at hand.
 */
import { setImmediate } from "node:timers/promises";
import { entryOf } from "../catalogue/catalogue";
import type { DatasetName } from "../catalogue/dataset-entry";
import { checkInteger } from "../check-integer";
import { NdArray } from "../nd-array";
import { Canvas } from "./canvas";
import { clothesPainter } from "./clothes";
import { digitsPainter } from "./digits";
import { hundredThingsPainter } from "./hundred-things";
import type { Painter } from "./painter";
import { Random } from "./random";
import { thingsPainter } from "./things";

/** How long the drawing goes on before others have a turn: timers, signals, messages, a display of the progress. */
const TURN_MILLISECONDS = 8;

const painters: Readonly<Record<DatasetName, Painter>> = {
  "cifar-10": thingsPainter,
  "cifar-100": hundredThingsPainter,
  mnist: digitsPainter,
  "fashion-mnist": clothesPainter,
};

/** What {@link drawStandIn} can be told. */
export interface StandInOptions {
  /** What the pictures are drawn from, a whole number from 0 to 4294967295. */
  readonly seed: number;
  /** Which of a seed's sequences of pictures, a whole number from 0 on: 0 is for training, 1 for test. */
  readonly stream: number;
  /** Ends the drawing when it is aborted. */
  readonly signal?: AbortSignal;
  /** Told every few milliseconds how many pictures are drawn, and at the end that all are. */
  readonly report?: (done: number, total: number) => void;
}

/** Pictures of shape (n, height, width, channels), and the bytes that label them, of shape (n, labels a picture has). */
export interface StandIn {
  readonly images: NdArray;
  readonly labels: NdArray;
}

/**
 * Draws the first `samples` pictures of a seed's stream, in the manner of the data set and in the shape of its files.
 *
 * The same seed and stream give the same bytes on every machine, and asking for more pictures does not change the first
 * ones. It takes about a fifth of a millisecond a picture, and gives way to everything else that waits every few
 * milliseconds. Throws a {@link DatasetError} if there is no such set or a number is out of its range; the reason of
 * `signal` if that is aborted.
 */
export async function drawStandIn(
  name: DatasetName,
  samples: number,
  { seed, stream, signal, report }: StandInOptions,
): Promise<StandIn> {
  const [height, width, channels] = entryOf(name).imageShape;
  checkInteger("samples", samples, 0, 2 ** 20);
  checkInteger("seed", seed, 0, 2 ** 32 - 1);
  checkInteger("stream", stream, 0, 2 ** 10);
  const painter = painters[name];
  const random = new Random(seed, stream);
  const canvas = new Canvas(painter.size, painter.channels);
  const pictureSize = canvas.pixels.length;
  const labelSize = painter.labelBytes(0).length;
  const images = new Uint8Array(samples * pictureSize);
  const labels = new Uint8Array(samples * labelSize);
  signal?.throwIfAborted();
  let pack: number[] = [];
  let turnEnds = performance.now() + TURN_MILLISECONDS;
  for (let sample = 0; sample < samples; sample++) {
    if (pack.length === 0) pack = shuffledPack(painter, random);
    const label = pack.pop()!;
    painter.paint(canvas, random, label);
    canvas.writeBytes(images, sample * pictureSize);
    labels.set(painter.labelBytes(label), sample * labelSize);
    if (performance.now() < turnEnds) continue;
    report?.(sample + 1, samples);
    await setImmediate();
    signal?.throwIfAborted();
    turnEnds = performance.now() + TURN_MILLISECONDS;
  }
  report?.(samples, samples);
  return {
    images: new NdArray(images, [samples, height, width, channels]),
    labels: new NdArray(labels, [samples, labelSize]),
  };
}

function shuffledPack({ classes, copies }: Painter, random: Random): number[] {
  const pack = Array.from({ length: classes * copies }, (_, card) =>
    Math.floor(card / copies),
  );
  return random.shuffle(pack);
}
