/**
 * Draws everything in an image that is independent of its class: background, clutter, light and
 * noise.
 */
import type { Canvas, Frame } from "./canvas";
import { anyColor, hsv, mix } from "./color";
import type { Rgb } from "./color";
import type { Random } from "./random";
import { box, ellipse, polygon, stroke } from "./shape";
import type { Shape } from "./shape";

/** Kind of background. */
export type Setting =
  | "sky"
  | "water"
  | "meadow"
  | "road"
  | "room"
  | "forest"
  | "savanna"
  | "depths"
  | "table";

const hues: Record<Setting, readonly [number, number]> = {
  sky: [0.58, 0.58],
  water: [0.57, 0.55],
  meadow: [0.5, 0.28],
  road: [0.55, 0.1],
  room: [0.1, 0.05],
  forest: [0.33, 0.22],
  savanna: [0.13, 0.1],
  depths: [0.52, 0.6],
  table: [0.08, 0.02],
};

/**
 * Fills the canvas with a place: two halves at a tilted border, patches of light and dark all over.
 */
export function paintBackground(
  canvas: Canvas,
  random: Random,
  setting: Setting,
): void {
  const [upperHue, lowerHue] = hues[setting];
  const upper = ground(random, upperHue);
  const lower =
    setting === "sky"
      ? mix(upper, [1, 1, 1], random.uniform(0, 0.4))
      : ground(random, lowerHue);
  const { size, pixels } = canvas;
  const border = random.uniform(0.1, 0.9) * size;
  const tilt = random.uniform(-0.25, 0.25);
  const softness = random.uniform(0.5, setting === "sky" ? 20 : 4);
  const patches = smoothNoise(random, size, random.uniform(0.05, 0.22));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const depth = row - border - tilt * (column - size / 2);
      const amount = Math.min(Math.max(depth / softness + 0.5, 0), 1);
      const factor = 1 + patches[row * size + column]!;
      const index = (row * size + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const a = upper[channel]!;
        pixels[index + channel] = (a + amount * (lower[channel]! - a)) * factor;
      }
    }
  }
}

/** Draws things that are not of any class: discs, bars, boards and splinters, `count` of them. */
export function paintClutter(
  canvas: Canvas,
  random: Random,
  count: number,
  largest: number,
): void {
  for (let index = 0; index < count; index++) {
    const scale = random.uniform(0.3, 1) * largest;
    canvas.paint(clutterShape(random), place(canvas, random, scale), {
      color: anyColor(random),
      opacity: random.uniform(0.5, 1),
    });
  }
}

/**
 * Changes contrast and brightness, gives the light a tint, and adds a grain that differs from pixel
 * to pixel.
 */
export function light(canvas: Canvas, random: Random): void {
  const contrast = random.uniform(0.65, 1.15);
  const brightness = random.uniform(-0.1, 0.1);
  const tint = [0, 1, 2].map(() => random.uniform(-0.05, 0.05));
  const grain = random.uniform(0.01, 0.06);
  const { pixels } = canvas;
  for (let channel = 0, index = 0; index < pixels.length; index++) {
    const value = (pixels[index]! - 0.5) * contrast + 0.5;
    pixels[index] =
      value + brightness + tint[channel]! + random.uniform(-grain, grain);
    channel = channel === 2 ? 0 : channel + 1;
  }
}

function ground(random: Random, hue: number): Rgb {
  // Backgrounds sometimes have an unusual color, so that color alone does not reveal the class.
  const surprising = random.chance(0.12);
  return hsv(
    surprising ? random.uniform(0, 1) : hue + random.uniform(-0.08, 0.08),
    random.uniform(0.05, 0.6),
    random.uniform(0.3, 0.95),
  );
}

function clutterShape(random: Random): Shape {
  const a = random.uniform(0.15, 0.6);
  const b = random.uniform(0.15, 0.6);
  switch (random.integer(4)) {
    case 0:
      return ellipse(0, 0, a, b);
    case 1:
      return box(0, 0, a, b);
    case 2:
      return stroke(-1, -a, 1, b, 0.08);
    default:
      return polygon([-a, -b, b, -a, a, b]);
  }
}

function place(canvas: Canvas, random: Random, scale: number): Frame {
  return {
    x: random.uniform(0, canvas.size),
    y: random.uniform(0, canvas.size),
    scaleX: scale * random.sign(),
    scaleY: scale,
    turn: turn(random.uniform(-1, 1)),
  };
}

/**
 * Cosine and sine of the angle whose half has the tangent `t`: from -1 to 1 is from -90 to 90
 * degrees.
 */
export function turn(t: number): [number, number] {
  // Unlike these operations, Math.sin and Math.cos may differ in the last digit between versions of
  // Node.
  return [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)];
}

/**
 * Random values on a coarse grid, from -strength to strength, blended between the grid's points.
 */
function smoothNoise(
  random: Random,
  size: number,
  strength: number,
): Float32Array {
  const cells = random.pick([3, 5, 9]);
  const grid = Array.from({ length: (cells + 1) ** 2 }, () =>
    random.uniform(-strength, strength),
  );
  const noise = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const v = (row * cells) / size;
    const upper = Math.floor(v);
    const dv = v - upper;
    for (let column = 0; column < size; column++) {
      const u = (column * cells) / size;
      const left = Math.floor(u);
      const du = u - left;
      const corner = upper * (cells + 1) + left;
      const below = corner + cells + 1;
      noise[row * size + column] =
        (grid[corner]! * (1 - du) + grid[corner + 1]! * du) * (1 - dv) +
        (grid[below]! * (1 - du) + grid[below + 1]! * du) * dv;
    }
  }
  return noise;
}
