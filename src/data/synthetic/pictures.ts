/**
 * Stand-in room: pictures by the thousand, drawn from a seed, for when the real data set is not at hand.
 *
 * Ten classes under CIFAR-10's names, 32 x 32 pixels, three channels. What stands where, how large, which way round and
 * in which colours is left to chance; a class is told by outline and texture. A network that looks at every pixel in its
 * place therefore learns little, one that looks for parts wherever they are learns more.
 */
import { NdArray } from "../nd-array";
import { airplane, automobile, ship, truck } from "./vehicles";
import { bird, cat, deer, dog, frog, horse } from "./animals";
import { Canvas } from "./canvas";
import { Pencil } from "./pencil";
import type { Draw } from "./pencil";
import { Random } from "./random";
import { light, paintBackground, paintClutter, turn } from "./scenery";
import type { Setting } from "./scenery";

const SIZE = 32;
// Labels are dealt like cards: every hundred pictures hold ten of each class, in random order.
const COPIES = 10;

interface PictureClass {
  readonly draw: Draw;
  /** Where such a thing is usually seen. */
  readonly settings: readonly Setting[];
  /** Largest turn to either side: tangent of half the angle. */
  readonly turn: number;
}

/** In the order of CIFAR-10's labels. */
const classes: readonly PictureClass[] = [
  { draw: airplane, settings: ["sky", "sky", "road"], turn: 0.5 },
  { draw: automobile, settings: ["road", "road", "meadow"], turn: 0.1 },
  { draw: bird, settings: ["sky", "meadow", "water"], turn: 0.2 },
  { draw: cat, settings: ["room", "room", "meadow"], turn: 0.15 },
  { draw: deer, settings: ["meadow", "meadow", "sky"], turn: 0.1 },
  { draw: dog, settings: ["room", "meadow", "road"], turn: 0.15 },
  { draw: frog, settings: ["meadow", "water", "room"], turn: 0.15 },
  { draw: horse, settings: ["meadow", "meadow", "road"], turn: 0.1 },
  { draw: ship, settings: ["water", "water", "sky"], turn: 0.1 },
  { draw: truck, settings: ["road", "road", "meadow"], turn: 0.1 },
];

/**
 * Draws the first `samples` pictures of a seed's stream (0: training, 1: test).
 *
 * Returns images of shape (samples, 32, 32, 3) and labels of shape (samples, 1). The same seed and stream always give
 * the same pictures, and asking for more of them does not change the first ones.
 */
export function drawPictures(
  samples: number,
  seed: number,
  stream: number,
): { images: NdArray; labels: NdArray } {
  const random = new Random(seed, stream);
  const canvas = new Canvas(SIZE);
  const images = new Uint8ClampedArray(samples * SIZE * SIZE * 3);
  const labels = new Uint8Array(samples);
  let deck: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    if (deck.length === 0) deck = shuffledDeck(random);
    const label = deck.pop()!;
    drawPicture(canvas, random, classes[label]!);
    labels[sample] = label;
    const start = sample * canvas.pixels.length;
    for (let index = 0; index < canvas.pixels.length; index++) {
      images[start + index] = canvas.pixels[index]! * 255;
    }
  }
  return {
    images: new NdArray(new Uint8Array(images.buffer), [
      samples,
      SIZE,
      SIZE,
      3,
    ]),
    labels: new NdArray(labels, [samples, 1]),
  };
}

function drawPicture(
  canvas: Canvas,
  random: Random,
  { draw, settings, turn: largestTurn }: PictureClass,
): void {
  paintBackground(canvas, random, random.pick(settings));
  paintClutter(canvas, random, 1 + random.integer(4), 8);
  const scale = random.uniform(9, 14);
  const room = 7;
  const frame = {
    x: SIZE / 2 + random.uniform(-room, room),
    y: SIZE / 2 + random.uniform(-room, room),
    scaleX: scale * random.uniform(0.85, 1.15) * random.sign(),
    scaleY: scale,
    turn: turn(random.uniform(-largestTurn, largestTurn)),
  };
  draw(new Pencil(canvas, frame), random);
  if (random.chance(0.5)) paintClutter(canvas, random, 1, 8);
  light(canvas, random);
}

function shuffledDeck(random: Random): number[] {
  const deck = classes.flatMap((_, label) =>
    new Array<number>(COPIES).fill(label),
  );
  return random.shuffle(deck);
}
