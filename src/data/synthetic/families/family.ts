/**
 * Defines the coarse classes of CIFAR-100 for drawing.
 */
import { hsv } from "../color";
import type { Rgb } from "../color";
import type { Draw } from "../pencil";
import type { Random } from "../random";
import type { Setting } from "../scenery";

/** Group of similar objects with similar backgrounds. */
export interface Family {
  readonly settings: readonly Setting[];
  /** Largest turn to either side: tangent of half the angle. */
  readonly turn: number;
  /** How each member is drawn, by the name of its class. */
  readonly members: Readonly<Record<string, Draw>>;
}

/** Returns a random color near the given hue, saturation and value. */
export function about(
  random: Random,
  hue: number,
  saturation: number,
  value: number,
): Rgb {
  const limited = (number: number): number => Math.min(Math.max(number, 0), 1);
  return hsv(
    hue + random.uniform(-0.05, 0.05),
    limited(saturation + random.uniform(-0.2, 0.2)),
    limited(value + random.uniform(-0.2, 0.2)),
  );
}
