/**
 * Defines inks: colors and textures.
 */
import type { Random } from "./random";
import type { Tone } from "./recipe";

/** Fill of a shape. A canvas with one channel uses the red of the color as its gray level. */
export interface Ink {
  readonly color: Rgb;
  /** 1 covers what is beneath, 0 leaves it. Default: 1. */
  readonly opacity?: number;
  /** Factors for the color, at a height and at a point. Default: 1 everywhere. */
  readonly light?: (y: number) => number;
  readonly texture?: ((x: number, y: number) => number) | undefined;
}

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
export function mix([r, g, b]: Rgb, second: Rgb, amount: number): Rgb {
  const [red, green, blue] = second;
  const between = (a: number, b: number): number => a + amount * (b - a);
  return [between(r, red), between(g, green), between(b, blue)];
}

/** Lighter on dark colors, darker on light ones. */
export function contrast([red, green, blue]: Rgb): Rgb {
  // The luma weights of ITU-R BT.601.
  const lightness = 0.299 * red + 0.587 * green + 0.114 * blue;
  return mix([red, green, blue], lightness > 0.45 ? BLACK : WHITE, 0.5);
}

/** Random color near a tone: saturation and value differ by at most `spread`. */
export function near(random: Random, tone: Tone, spread: number): Rgb {
  if (tone === "any") return anyColor(random);
  const [hues, saturation, value] = tone;
  const about = (middle: number): number =>
    Math.min(Math.max(middle + random.uniform(-spread, spread), 0), 1);
  const hue = random.pick(hues) + random.uniform(-0.05, 0.05);
  return hsv(hue, about(saturation), about(value));
}

/** Random color of any hue, often pale or gray. */
export function anyColor(random: Random): Rgb {
  const saturation = random.chance(0.4)
    ? random.uniform(0, 0.15)
    : random.uniform(0.3, 0.9);
  return hsv(random.uniform(0, 1), saturation, random.uniform(0.15, 1));
}

/** Returns a random texture of a kind, or sometimes none: striped, spotted, patched or woven. */
export function textureOf(
  random: Random,
  kind = "plain",
): (x: number, y: number) => number {
  const frequency = kind === "woven" ? 0.3 : 0.7;
  if (kind === "plain" || !random.chance(frequency)) return () => 1;
  const [step, dark] = [random.uniform(0.22, 0.4), random.uniform(0.35, 0.7)];
  const lean = random.uniform(-0.35, 0.35);
  const within = (value: number): boolean =>
    value / step - Math.floor(value / step) < 0.5;
  const woven = kind === "woven" && random.chance(0.7);
  if (kind === "striped" || kind === "woven")
    return (x, y) => (within(x + lean * y) !== (woven && within(y)) ? dark : 1);
  if (kind === "patched")
    return (x, y) => (within(x * 0.4 + lean * y) === within(y * 0.4) ? 0.3 : 1);
  return (x, y) => {
    // Round spots on a staggered grid.
    const row = Math.floor(y / step);
    const u = x / step + row / 2;
    const du = u - Math.floor(u) - 0.5;
    const dv = y / step - row - 0.5;
    return du * du + dv * dv < 0.09 ? dark : 1;
  };
}
