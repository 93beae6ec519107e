/**
 * Draws what is independent of the class: background, clutter, light and noise.
 */
import type { Canvas } from "./canvas";
import { drawRecipe, type Freedom } from "./drawing";
import { near, type Rgb } from "./ink";
import type { Random } from "./random";
import { readRecipe, readTone } from "./recipe";

/** Tones above and below the horizon, by place. */
const places: Readonly<Record<string, string>> = {
  ...{ sky: ".58:.35:.85 .58:.2:.9", water: ".57:.3:.75 .55:.55:.5" },
  ...{ depths: ".53:.6:.45 .6:.6:.3", meadow: ".5:.25:.8 .28:.5:.55" },
  ...{ garden: ".3:.45:.4 .25:.55:.6", forest: ".36:.5:.3 .22:.4:.3" },
  ...{ savanna: ".14:.3:.9 .11:.5:.65", swamp: ".42:.35:.45 .18:.45:.35" },
  ...{ beach: ".5:.4:.75 .12:.25:.85", field: ".55:.2:.9 .08:.55:.4" },
  ...{ road: ".55:.1:.75 .6:.06:.4", town: ".6:.25:.6 .1:.1:.6" },
  ...{ room: ".12:.25:.85 .06:.45:.45", hall: ".97:.25:.8 .03:.5:.35" },
  ...{ desk: ".65:.15:.6 .68:.2:.8", table: ".08:.1:.4 .02:.55:.55" },
  ...{ studio: ".8:.15:.75 .75:.3:.5", shelf: ".1:.05:.9 .08:.3:.75" },
  ...{ leaf: ".22:.6:.7 .3:.6:.7", yard: ".5:.1:.9 .2:.35:.6" },
};

/** Discs, bars, boards and splinters. */
const clutter = readRecipe(`1; *; a@.75 o 0,0 .4 .3 / a@.75 b 0,0 .45,.25
  / a@.9 l -1,-.4 1,.4 .08 / a@.75 p -.4,-.4 .4,-.4 .3,.5`);

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
  [spread, surprise]: readonly [number, number],
): void {
  const unusual = random.chance(surprise);
  const [[red, green, blue], lower] = places[place]!.split(" ").map((tone) =>
    near(random, unusual ? "any" : readTone(tone), spread),
  ) as [Rgb, Rgb];
  const border = random.uniform(0.1, 0.9) * size;
  const tilt = random.uniform(-0.25, 0.25);
  const softness = random.uniform(0.5, place === "sky" ? 20 : 4);
  const strength = random.uniform(0.05, 0.22);
  // The patches have random values on a coarse grid, blended between its points.
  const cells = random.pick([3, 5, 9]);
  const grid = Float64Array.from({ length: (cells + 1) ** 2 }, () =>
    random.uniform(1 - strength, 1 + strength),
  );
  const across = new Float64Array(cells + 1);
  for (let row = 0, index = 0; row < size; row++) {
    const v = (row * cells) / size;
    const top = Math.floor(v) * (cells + 1);
    for (let at = 0; at <= cells; at++)
      across[at] =
        grid[top + at]! * (1 - (v % 1)) + grid[top + cells + 1 + at]! * (v % 1);
    for (let column = 0; column < size; column++) {
      const u = (column * cells) / size;
      const left = Math.floor(u);
      const factor =
        across[left]! * (left + 1 - u) + across[left + 1]! * (u - left);
      const depth = row - border - tilt * (column - size / 2);
      const amount = Math.min(Math.max(depth / softness + 0.5, 0), 1);
      pixels[index++] = (red + amount * (lower[0] - red)) * factor;
      pixels[index++] = (green + amount * (lower[1] - green)) * factor;
      pixels[index++] = (blue + amount * (lower[2] - blue)) * factor;
    }
  }
}

/** Draws `count` things that are not of any class. */
export function paintClutter(canvas: Canvas, random: Random, count: number) {
  for (let index = 0; index < count; index++)
    drawRecipe(canvas, clutter, random, small);
}

/**
 * Changes contrast and brightness, gives the light a tint, and adds a grain that differs from pixel
 * to pixel. A gray image has a black background, which stays black.
 */
export function light({ pixels, channels }: Canvas, random: Random): void {
  const gray = channels === 1;
  const contrast = gray ? random.uniform(0.8, 1.1) : random.uniform(0.65, 1.15);
  const grain = random.uniform(0.01, 0.06) / 2 ** 31;
  const level = (1 - contrast) / 2 + random.uniform(-0.1, 0.1);
  const tint = [0, 1, 2].map(() => level + random.uniform(-0.05, 0.05));
  let noise = random.integer(2 ** 24);
  for (let index = 0, channel = 0; index < pixels.length; index++) {
    const value = pixels[index]!;
    if (gray && value === 0) continue;
    // The linear generator of "Numerical Recipes": fast, and good enough for a grain.
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
    pixels[index] = gray
      ? value * (contrast + 2 * grain * noise)
      : value * contrast + tint[channel]! + grain * noise;
    channel = channel === 2 ? 0 : channel + 1;
  }
}
