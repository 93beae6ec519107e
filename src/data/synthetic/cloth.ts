/**
 * Draws pieces of clothing with a random gray level, pattern and folds.
 */
import type { Canvas, Frame } from "./canvas";
import type { Random } from "./random";
import { polygon, stroke } from "./shape";
import type { Points, Shape } from "./shape";

/** Draws one piece, about -1 to 1 across and down. */
export type Tailor = (cloth: Cloth) => void;

type Shade = (x: number, y: number) => number;

/** One piece of clothing, drawn with a random gray level and pattern. */
export class Cloth {
  readonly random: Random;
  /** The gray of the cloth, 0 (black) to 1 (white). */
  readonly gray: number;
  readonly #canvas: Canvas;
  readonly #frame: Frame;
  #shade: Shade = plain;

  constructor(canvas: Canvas, frame: Frame, random: Random) {
    this.#canvas = canvas;
    this.#frame = frame;
    this.random = random;
    this.gray = random.uniform(0.25, 0.95);
  }

  /** Gives the cloth a random pattern with the given probability. */
  pattern(probability: number): void {
    if (this.random.chance(probability)) this.#shade = pattern(this.random);
  }

  /** Fills a shape with the cloth, `factor` times as light as the rest of it. */
  cut(shape: Shape, factor = 1): void {
    this.#fill(shape, this.gray * factor, 1, this.#shade);
  }

  /** Fills a shape with a gray level independent of the cloth: buttons, soles, prints. */
  add(shape: Shape, gray: number, opacity = 1): void {
    this.#fill(shape, gray, opacity, plain);
  }

  /**
   * A thin line darker than the cloth, or lighter where the cloth is dark: a seam, a fold, an edge.
   */
  seam(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    strength = 0.6,
    radius = 0.025,
  ): void {
    const gray = this.gray > 0.45 ? this.gray * 0.35 : this.gray + 0.4;
    this.add(stroke(x1, y1, x2, y2, radius), gray, strength);
  }

  /** A few folds, mostly upright, within the box from -width to width and from top to bottom. */
  folds(width: number, top: number, bottom: number): void {
    const { random } = this;
    for (let count = random.integer(4); count > 0; count--) {
      const x = random.uniform(-width, width);
      const y = random.uniform(top, bottom);
      const gray = this.gray * (random.chance(0.6) ? 0.6 : 1.3);
      const length = random.uniform(0.2, 0.6);
      const lean = random.uniform(-0.15, 0.15);
      this.add(
        stroke(x, y, x + lean, Math.min(y + length, bottom), 0.04),
        gray,
        random.uniform(0.3, 0.7),
      );
    }
  }

  #fill(shape: Shape, gray: number, opacity: number, shade: Shade): void {
    const color = [gray, gray, gray] as const;
    this.#canvas.paint(shape, this.#frame, { color, opacity, shade });
  }
}

/**
 * The area between a line of corners down the right side and its mirror image: x, y, x, y, ... from
 * top to bottom.
 */
export function mirrored(right: Points): Shape {
  const left: number[] = [];
  for (let index = right.length - 2; index >= 0; index -= 2) {
    left.push(-right[index]!, right[index + 1]!);
  }
  return polygon([...right, ...left]);
}

function plain(): number {
  return 1;
}

function pattern(random: Random): Shade {
  const step = random.uniform(0.2, 0.5);
  const share = random.uniform(0.25, 0.6);
  const dark = random.uniform(0.35, 0.8);
  const lean = random.uniform(-0.1, 0.1);
  const within = (value: number): boolean =>
    value / step - Math.floor(value / step) < share;
  switch (random.integer(5)) {
    case 0:
      return (x, y) => (within(x + lean * y) ? dark : 1);
    case 1:
      return (x, y) => (within(y + lean * x) ? dark : 1);
    case 2:
      return (x, y) => (within(x) ? dark : 1) * (within(y) ? dark : 1);
    case 3:
      return (x, y) => (within(x + y) && within(x - y) ? dark : 1);
    default:
      // Light falls from one side.
      return (x, y) => 1 - 0.3 * (x * share * 2 + lean * y);
  }
}
