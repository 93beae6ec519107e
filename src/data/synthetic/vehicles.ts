/**
 * Draws airplanes, automobiles, ships and trucks.
 *
 * Each vehicle faces right, centered on the origin, in units of half its length.
 */
import { anyColor, mix } from "./color";
import type { Rgb } from "./color";
import type { Draw, Pencil } from "./pencil";
import type { Random } from "./random";
import { box, ellipse, polygon, stroke } from "./shape";

const BLACK: Rgb = [0.08, 0.08, 0.09];
const WHITE: Rgb = [0.95, 0.95, 0.95];

/**
 * From above, two wings and a tail across a long body; or from the side, with a fin and a row of
 * windows.
 */
export const airplane: Draw = (pencil, random) => {
  const color = mix(anyColor(random), WHITE, random.uniform(0, 0.6));
  const dark = mix(color, BLACK, random.uniform(0.2, 0.5));
  const width = random.uniform(0.1, 0.16);
  const fromAbove = random.chance(0.6);
  const span = random.uniform(0.75, 1);
  const sweep = random.uniform(0.15, 0.5);
  if (fromAbove) {
    for (const side of [-1, 1]) {
      pencil.fill(
        polygon([
          0.3,
          0,
          0.1 - sweep,
          side * span,
          -0.15 - sweep,
          side * span,
          -0.2,
          0,
        ]),
        dark,
      );
      pencil.fill(
        polygon([-0.7, 0, -0.9, side * 0.38, -1.05, side * 0.38, -0.98, 0]),
        dark,
      );
    }
    pencil.fill(stroke(-0.95, 0, 0.95, 0, width * 0.7, width), color);
    pencil.fill(ellipse(0.85, 0, 0.08, 0.06), BLACK);
  } else {
    pencil.fill(polygon([-0.6, 0, -1.1, -0.55, -0.9, -0.55, -0.35, 0]), dark);
    pencil.fill(stroke(-0.95, -0.03, 0.85, 0.05, width, width * 1.3), color);
    pencil.fill(polygon([0.3, 0.08, -0.35, 0.5, -0.6, 0.5, -0.15, 0.08]), dark);
    for (let x = -0.5; x <= 0.6; x += 0.2)
      pencil.fill(ellipse(x, -0.05, 0.05), BLACK);
  }
};

/** A low body with a cabin in its middle, two windows and two wheels. */
export const automobile: Draw = (pencil, random) => {
  const color = anyColor(random);
  const roof = random.uniform(-0.55, -0.4);
  const front = random.uniform(0.25, 0.45);
  const glass = random.chance(0.5) ? BLACK : mix(color, WHITE, 0.75);
  pencil.fill(
    polygon([-0.75, -0.05, -0.45, roof, front - 0.1, roof, front + 0.3, -0.05]),
    color,
  );
  pencil.fill(
    polygon([-0.52, -0.08, -0.38, roof + 0.1, -0.06, roof + 0.1, -0.06, -0.08]),
    glass,
  );
  pencil.fill(
    polygon([
      0.04,
      -0.08,
      0.04,
      roof + 0.1,
      front - 0.12,
      roof + 0.1,
      front + 0.12,
      -0.08,
    ]),
    glass,
  );
  pencil.fill(box(0, 0.13, 1, 0.21, 0.12), color);
  pencil.fill(ellipse(0.92, 0.08, 0.07), [1, 0.95, 0.7]);
  wheel(pencil, random, -0.55, 0.34, 0.23);
  wheel(pencil, random, 0.58, 0.34, 0.23);
};

/** A tall box on three wheels with a smaller cab before it. */
export const truck: Draw = (pencil, random) => {
  const cargo = mix(anyColor(random), WHITE, random.uniform(0, 0.4));
  const cab = random.chance(0.5) ? cargo : anyColor(random);
  const top = random.uniform(-0.75, -0.5);
  const planks = random.uniform(12, 20);
  const gap = random.chance(0.4) ? 1 : random.uniform(0.5, 0.85);
  pencil.fill(box(0, 0.34, 0.98, 0.08), BLACK);
  pencil.fill(box(-0.3, (top + 0.28) / 2, 0.7, (0.28 - top) / 2), cargo, {
    shade: (x) => (fraction(x * planks * 0.25) < 0.25 ? gap : 1),
  });
  pencil.fill(box(0.72, 0.03, 0.26, 0.3, 0.08), cab);
  pencil.fill(box(0.8, -0.1, 0.14, 0.12), BLACK);
  for (const x of [-0.75, -0.35, 0.7]) wheel(pencil, random, x, 0.42, 0.19);
};

/** A hull that is wider on top, deck-houses and a mast or a sail above it, waves before it. */
export const ship: Draw = (pencil, random) => {
  const color = anyColor(random);
  const upper = mix(anyColor(random), WHITE, random.uniform(0.3, 0.9));
  const deck = random.uniform(0.1, 0.2);
  if (random.chance(0.3)) {
    pencil.fill(stroke(-0.05, deck, -0.05, -1, 0.04), BLACK);
    pencil.fill(
      polygon([0.02, -0.95, 0.02, deck - 0.1, 0.75, deck - 0.1]),
      upper,
    );
    pencil.fill(
      polygon([-0.12, -0.8, -0.12, deck - 0.1, -0.7, deck - 0.1]),
      upper,
    );
  } else {
    const bridge = random.uniform(-0.5, 0.3);
    pencil.fill(box(bridge, deck - 0.15, 0.45, 0.17), upper);
    pencil.fill(box(bridge + 0.05, deck - 0.4, 0.25, 0.13), upper);
    pencil.fill(box(bridge - 0.2, deck - 0.55, 0.1, 0.2), color);
    pencil.fill(stroke(bridge + 0.3, deck, bridge + 0.3, -0.9, 0.03), BLACK);
    for (let x = -0.35; x <= 0.36; x += 0.18)
      pencil.fill(ellipse(bridge + x, deck - 0.15, 0.05), BLACK);
  }
  pencil.fill(
    polygon([-0.95, deck, 1.05, deck - 0.08, 0.75, 0.55, -0.75, 0.55]),
    color,
  );
  for (let wave = 0; wave < 5; wave++) {
    const x = random.uniform(-1, 0.7);
    const y = random.uniform(0.45, 0.75);
    pencil.fill(stroke(x, y, x + 0.4, y, 0.04), WHITE, {
      opacity: random.uniform(0.3, 0.8),
    });
  }
};

function wheel(
  pencil: Pencil,
  random: Random,
  x: number,
  y: number,
  radius: number,
): void {
  pencil.fill(ellipse(x, y, radius), BLACK);
  pencil.fill(
    ellipse(x, y, radius * random.uniform(0.4, 0.55)),
    [0.65, 0.65, 0.68],
  );
}

function fraction(value: number): number {
  return value - Math.floor(value);
}
