/**
 * What CIFAR-100's classes of classes are drawn by.
 */
import { hsv } from "../colour";
import type { Rgb } from "../colour";
import type { Draw } from "../pencil";
import type { Random } from "../random";
import type { Setting } from "../scenery";

/** Things that look alike and stand in like places. */
export interface Family {
  readonly settings: readonly Setting[];
  /** Largest turn to either side: tangent of half the angle. */
  readonly turn: number;
  /** How each member is drawn, by the name of its class. */
  readonly members: Readonly<Record<string, Draw>>;
}

/** A colour near the one told, so that no two things of a kind are painted quite alike. */
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
