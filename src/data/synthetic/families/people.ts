/**
 * Draws people from the front, head and shoulders.
 */
import { anyColor, BLACK, mix } from "../color";
import type { Rgb } from "../color";
import type { Draw, Pencil } from "../pencil";
import type { Random } from "../random";
import { ellipse, polygon, stroke } from "../shape";
import { about, type Family } from "./family";

interface Face {
  /** Half the width and half the height of the head. */
  readonly head: readonly [number, number];
  readonly shoulders: number;
  /** How far the hair falls beside the face, from the top of the head; 0 for hardly any. */
  readonly hair: number;
  /** Where a beard grows, how often. */
  readonly beard?: number;
  readonly lips?: Rgb;
}

function person({ head, shoulders, hair, beard = 0, lips }: Face): Draw {
  return (pencil, random) => {
    const [width, height] = [head[0] * random.uniform(0.92, 1.08), head[1]];
    const skin = about(random, 0.07, 0.4, random.uniform(0.45, 0.9));
    const hue = random.pick([0.07, 0.1, 0.13, 0.03]);
    const hairColor = about(random, hue, 0.5, random.uniform(0.1, 0.6));
    const wide = shoulders * random.uniform(0.9, 1.1);
    const long = hair * random.uniform(0.75, 1.2);
    if (long > 0.5) longHair(pencil, width, height, long, hairColor);
    const dress = anyColor(random);
    pencil.fill(
      polygon([
        -0.2,
        0.45,
        0.2,
        0.45,
        wide,
        0.75,
        wide,
        1.3,
        -wide,
        1.3,
        -wide,
        0.75,
      ]),
      dress,
    );
    pencil.fill(stroke(0, 0.2, 0, 0.52, width * 0.35), mix(skin, BLACK, 0.15));
    if (hair > 0.05)
      pencil.fill(ellipse(0, -0.32, width * 1.1, height), hairColor);
    pencil.fill(ellipse(0, -0.15, width, height * 0.9), skin);
    if (random.chance(beard)) {
      pencil.fill(ellipse(0, 0.2, width * 0.75, height * 0.5), hairColor);
      pencil.fill(ellipse(0, 0.03, width * 0.55, height * 0.35), skin);
    }
    face(pencil, random, width, skin, lips);
  };
}

function longHair(
  pencil: Pencil,
  width: number,
  height: number,
  long: number,
  color: Rgb,
): void {
  const low = -0.2 - height + long * 1.6;
  for (const side of [-1, 1])
    pencil.fill(
      stroke(side * width * 0.85, -0.3, side * width * 1.05, low, width * 0.38),
      color,
    );
}

function face(
  pencil: Pencil,
  random: Random,
  width: number,
  skin: Rgb,
  lips: Rgb | undefined,
): void {
  const eye = random.chance(0.7) ? BLACK : about(random, 0.58, 0.5, 0.5);
  for (const side of [-1, 1])
    pencil.fill(ellipse(side * width * 0.42, -0.2, 0.075, 0.06), eye);
  pencil.fill(stroke(0, -0.1, 0.02, 0.02, 0.04), mix(skin, BLACK, 0.2));
  const mouth = stroke(
    -width * 0.3,
    0.2,
    width * 0.3,
    0.2,
    lips === undefined ? 0.04 : 0.06,
  );
  pencil.fill(mouth, lips ?? mix(skin, [0.6, 0.1, 0.1], 0.6));
}

export const people: Family = {
  settings: ["room", "room", "meadow"],
  turn: 0.08,
  members: {
    baby: person({ head: [0.62, 0.62], shoulders: 0.6, hair: 0 }),
    boy: person({ head: [0.47, 0.56], shoulders: 0.7, hair: 0.25 }),
    girl: person({ head: [0.47, 0.56], shoulders: 0.65, hair: 0.9 }),
    man: person({ head: [0.42, 0.62], shoulders: 1, hair: 0.2, beard: 0.5 }),
    woman: person({
      head: [0.4, 0.6],
      shoulders: 0.8,
      hair: 0.95,
      lips: [0.75, 0.12, 0.2],
    }),
  },
};
