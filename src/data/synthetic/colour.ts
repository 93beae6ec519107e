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
export function mix(first: Rgb, [red, green, blue]: Rgb, amount: number): Rgb {
  const [r, g, b] = first;
  const part = (one: number, other: number) => one + amount * (other - one);
  return [part(r, red), part(g, green), part(b, blue)];
}

/** Lighter on dark colours, darker on light ones. */
export function contrast(colour: Rgb, amount: number): Rgb {
  // The luma weights of ITU-R BT.601.
  const lightness = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
  return mix(colour, lightness > 0.45 ? BLACK : WHITE, amount);
}

/** Random colour of any hue, often pale or grey. */
export function anyColour(random: Random): Rgb {
  const saturation = random.chance(0.4)
    ? random.uniform(0, 0.15)
    : random.uniform(0.3, 0.9);
  return hsv(random.uniform(0, 1), saturation, random.uniform(0.15, 1));
}
