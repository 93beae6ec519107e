/**
 * Draws what is independent of the class: background, clutter, light and noise.
 */
import type { Canvas } from "./canvas";
import { hsv, type Rgb } from "./colour";
import { drawRecipe, type Freedom } from "./drawing";
import type { Random } from "./random";
import { readRecipe } from "./recipe";

/** Hues above and below the horizon, by place. */
const hues: Readonly<Record<string, readonly [number, number]>> = {
  ...{ sky: [0.58, 0.58], water: [0.57, 0.55], meadow: [0.5, 0.28] },
  ...{ road: [0.55, 0.1], room: [0.1, 0.05], forest: [0.33, 0.22] },
  ...{ savanna: [0.13, 0.1], depths: [0.52, 0.6], table: [0.08, 0.02] },
};

/** Discs, bars, boards and splinters. */
const clutter = readRecipe(`1; *; a@.75 o 0 0 .4 .3 / a@.75 b 0 0 .45 .25
  / a@.9 l -1 -.4 1 .4 .08 / a@.75 p -.4 -.4 .4 -.4 .3 .5`);

const small: Freedom = {
  ...{ scale: [2, 7], stretch: [0.9, 1.1], margin: 16, mirrored: 0 },
  ...{ jitter: 0.15, bend: 0, slant: [0, 0], weight: [0.7, 1.3] },
  ...{ spread: 0, surprise: 0 },
};

/** Fills the canvas with a place, such as `sky`: two halves at a tilted border, light patches. */
export function paintBackground(
  { size, pixels }: Canvas,
  random: Random,
  place: string,
): void {
  const [upper, lower] = hues[place]!.map((hue) => ground(random, hue));
  const border = random.uniform(0.1, 0.9) * size;
  const tilt = random.uniform(-0.25, 0.25);
  const softness = random.uniform(0.5, place === "sky" ? 20 : 4);
  const strength = random.uniform(0.05, 0.22);
  // The patches have random values on a coarse grid, blended between its points.
  const cells = random.pick([3, 5, 9]);
  const grid = Float64Array.from({ length: (cells + 1) ** 2 }, () =>
    random.uniform(1 - strength, 1 + strength),
  );
  for (let row = 0, index = 0; row < size; row++) {
    const v = (row * cells) / size;
    const down = v - Math.floor(v);
    for (let column = 0; column < size; column++) {
      const u = (column * cells) / size;
      const at = Math.floor(v) * (cells + 1) + Math.floor(u);
      const right = u - Math.floor(u);
      const top = grid[at]! * (1 - right) + grid[at + 1]! * right;
      const bottom =
        grid[at + cells + 1]! * (1 - right) + grid[at + cells + 2]! * right;
      const factor = top * (1 - down) + bottom * down;
      const depth = row - border - tilt * (column - size / 2);
      const amount = Math.min(Math.max(depth / softness + 0.5, 0), 1);
      for (let channel = 0; channel < 3; channel++) {
        const a = upper![channel]!;
        pixels[index++] = (a + amount * (lower![channel]! - a)) * factor;
      }
    }
  }
}

function ground(random: Random, hue: number): Rgb {
  // Backgrounds sometimes have an unusual colour, so that colour alone does not reveal the class.
  const any = random.chance(0.12);
  return hsv(
    any ? random.uniform(0, 1) : hue + random.uniform(-0.08, 0.08),
    random.uniform(0.05, 0.6),
    random.uniform(0.3, 0.95),
  );
}

/** Draws `count` things that are not of any class. */
export function paintClutter(canvas: Canvas, random: Random, count: number) {
  for (let index = 0; index < count; index++)
    drawRecipe(canvas, clutter, random, small);
}

/**
 * Changes contrast and brightness, gives the light a tint, and adds a grain that differs from pixel
 * to pixel. A grey image has a black background, which stays black.
 */
export function light({ pixels, channels }: Canvas, random: Random): void {
  const grey = channels === 1;
  const contrast = grey ? random.uniform(0.8, 1.1) : random.uniform(0.65, 1.15);
  const grain = random.uniform(0.01, 0.06) * (grey ? 2 : 1);
  const level = (1 - contrast) / 2 + random.uniform(-0.1, 0.1);
  const tint = [0, 1, 2].map(() => level + random.uniform(-0.05, 0.05));
  for (let index = 0; index < pixels.length; index++) {
    const value = pixels[index]!;
    if (grey && value === 0) continue;
    const noise = random.uniform(-grain, grain);
    pixels[index] = grey
      ? value * (contrast + noise)
      : value * contrast + tint[index % 3]! + noise;
  }
}
