/**
 * Defines colours and random palettes.
 */
import type { Random } from "./random";

/** Red, green, blue, each from 0 to 1. */
export type Rgb = readonly [number, number, number];

export const BLACK: Rgb = [0.06, 0.06, 0.06];
export const WHITE: Rgb = [0.97, 0.97, 0.95];

/**
 * The colour of a hue (0 to 1 around the colour circle: red, yellow, green, cyan, blue, magenta), a
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

/** How light a colour looks, 0 to 1 (the luma weights of ITU-R BT.601). */
function lightness([red, green, blue]: Rgb): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Lighter on dark colours, darker on light ones. */
export function contrast(colour: Rgb, amount: number): Rgb {
  return mix(colour, lightness(colour) > 0.45 ? BLACK : WHITE, amount);
}

/** Random colour of fur, skin or feathers, usually near the given hue. */
export function animalColour(random: Random, hue: number): Rgb {
  if (random.chance(0.2)) return anyColour(random);
  return hsv(
    hue + random.uniform(-0.05, 0.05),
    random.uniform(0.05, 0.65),
    random.uniform(0.15, 0.95),
  );
}

/** Random colour of any hue, often pale or grey. */
export function anyColour(random: Random): Rgb {
  const saturation = random.chance(0.4)
    ? random.uniform(0, 0.15)
    : random.uniform(0.3, 0.9);
  return hsv(random.uniform(0, 1), saturation, random.uniform(0.15, 1));
}
