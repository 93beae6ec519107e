/**
 * Paints synthetic images in the style of CIFAR-10.
 *
 * There are ten classes with CIFAR-10's names, 32 x 32 pixels, in color. Position, size,
 * orientation and colors are random; only outline and texture depend on the class. A network
 * without translation invariance therefore learns little, a convolutional network learns more.
 */
import { bird, cat, deer, dog, frog, horse } from "./animals";
import type { Painter } from "./painter";
import { Pencil } from "./pencil";
import type { Draw } from "./pencil";
import { light, paintBackground, paintClutter, turn } from "./scenery";
import type { Setting } from "./scenery";
import { airplane, automobile, ship, truck } from "./vehicles";

const SIZE = 32;

interface Thing {
  readonly draw: Draw;
  /** Backgrounds in which the object usually appears. */
  readonly settings: readonly Setting[];
  /** Largest turn to either side: tangent of half the angle. */
  readonly turn: number;
}

/** In the order of CIFAR-10's labels. */
const things: readonly Thing[] = [
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

/** Paints ten kinds of animals and vehicles, in color. */
export const thingsPainter: Painter = {
  size: SIZE,
  channels: 3,
  classes: things.length,
  copies: 10,
  labelBytes: (label) => [label],
  paint(canvas, random, label) {
    const { draw, settings, turn: largestTurn } = things[label]!;
    paintBackground(canvas, random, random.pick(settings));
    paintClutter(canvas, random, 1 + random.integer(4), 8);
    const scale = random.uniform(9, 14);
    const margin = 7;
    const frame = {
      x: SIZE / 2 + random.uniform(-margin, margin),
      y: SIZE / 2 + random.uniform(-margin, margin),
      scaleX: scale * random.uniform(0.85, 1.15) * random.sign(),
      scaleY: scale,
      turn: turn(random.uniform(-largestTurn, largestTurn)),
    };
    draw(new Pencil(canvas, frame), random);
    if (random.chance(0.5)) paintClutter(canvas, random, 1, 8);
    light(canvas, random);
  },
};
