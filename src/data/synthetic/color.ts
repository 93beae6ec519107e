/**
 * Defines colors and random palettes.
 */
import type { Random } from "./random";

/** Red, green, blue, each from 0 to 1. */
export type Rgb = readonly [number, number, number];

export const BLACK: Rgb = [0.06, 0.06, 0.06];
export const WHITE: Rgb = [0.97, 0.97, 0.95];

/**
 * The color of a hue (0 to 1 around the color circle: red, yellow, green, cyan, blue, magenta), a
 * saturation and a value, each from 0 to 1.
 *
 * Source: A. R. Smith, "Color gamut transform pairs", SIGGRAPH 1978.
 */
export function hsv(hue: number, saturation: number, value: number): Rgb {
  const channel = (offset: number): number => {
    const k = (offset + (hue - Math.floor(hue)) * 6) % 6;
    const fall = Math.min(Math.max(Math.min(k, 4 - k), 0), 1);
    return value * (1 - saturation * fall);
  };
  return [channel(5), channel(3), channel(1)];
}

/** A mixture: `amount` 0 gives `first`, 1 gives `second`. */
export function mix(first: Rgb, second: Rgb, amount: number): Rgb {
  const part = (a: number, b: number): number => a + amount * (b - a);
  return [
    part(first[0], second[0]),
    part(first[1], second[1]),
    part(first[2], second[2]),
  ];
}

/** How light a color looks, 0 to 1 (the luma weights of ITU-R BT.601). */
function lightness([red, green, blue]: Rgb): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Lighter on dark colors, darker on light ones. */
export function contrast(color: Rgb, amount: number): Rgb {
  return mix(color, lightness(color) > 0.45 ? BLACK : WHITE, amount);
}

/** Random color of fur, skin or feathers, usually near the given hue. */
export function animalColor(random: Random, hue: number): Rgb {
  if (random.chance(0.2)) return anyColor(random);
  return hsv(
    hue + random.uniform(-0.05, 0.05),
    random.uniform(0.05, 0.65),
    random.uniform(0.15, 0.95),
  );
}

/** Random color of any hue, often pale or gray. */
export function anyColor(random: Random): Rgb {
  const saturation = random.chance(0.4)
    ? random.uniform(0, 0.15)
    : random.uniform(0.3, 0.9);
  return hsv(random.uniform(0, 1), saturation, random.uniform(0.15, 1));
}
