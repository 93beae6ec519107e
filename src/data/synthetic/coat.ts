/**
 * Defines coat patterns of animals, as a color factor at each point.
 */
import type { Random } from "./random";

/** Upright stripes, or sometimes none. */
export function stripedCoat(random: Random): (x: number, y: number) => number {
  if (random.chance(0.35)) return plainCoat;
  const wide = random.uniform(0.2, 0.3);
  const slant = random.uniform(-0.4, 0.4);
  const dark = random.uniform(0.35, 0.65);
  return (x, y) => {
    const band = (x + slant * y) / wide;
    return band - Math.floor(band) < 0.5 ? dark : 1;
  };
}

/** Round spots on a staggered grid, `factor` times as light as the coat, or sometimes none. */
export function spottedCoat(
  random: Random,
  factor: number,
): (x: number, y: number) => number {
  if (random.chance(0.35)) return plainCoat;
  const step = random.uniform(0.24, 0.32);
  return (x, y) => {
    const row = Math.floor(y / step);
    const u = x / step + row * 0.5;
    const du = u - Math.floor(u) - 0.5;
    const dv = y / step - row - 0.5;
    return du * du + dv * dv < 0.09 ? factor : 1;
  };
}

function plainCoat(): number {
  return 1;
}
