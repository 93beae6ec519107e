/**
 * Draws four-legged land mammals, from bears to shrews.
 */
import { BLACK, WHITE } from "../color";
import type { Rgb } from "../color";
import type { Pencil } from "../pencil";
import { ellipse, stroke } from "../shape";
import { about, type Family } from "./family";
import { quadruped } from "./quadruped";
import type { Build } from "./quadruped";

const carnivore: Build = {
  body: [0.62, 0.3],
  legs: [0.72, 0.11],
  head: [0.66, -0.22, 0.24],
  snout: 0.2,
};
const grazer: Build = {
  body: [0.58, 0.36],
  legs: [0.95, 0.09],
  head: [0.72, -0.45, 0.2],
  snout: 0.22,
};
const prowler: Build = {
  body: [0.5, 0.24],
  legs: [0.48, 0.07],
  head: [0.55, -0.05, 0.22],
  snout: 0.26,
};
const rodent: Build = {
  body: [0.55, 0.42],
  legs: [0.48, 0.06],
  head: [0.48, -0.15, 0.3],
  snout: 0.18,
};

export const largeCarnivores: Family = {
  settings: ["savanna", "savanna", "forest"],
  turn: 0.08,
  members: {
    bear: quadruped(carnivore, {
      color: [0.07, 0.5, 0.3],
      ears: "round",
      build: { body: [0.66, 0.42], legs: [0.75, 0.16] },
    }),
    leopard: quadruped(carnivore, {
      color: [0.12, 0.5, 0.8],
      ears: "round",
      tail: "thin",
      coat: "spotted",
    }),
    lion: quadruped(carnivore, {
      color: [0.1, 0.5, 0.75],
      tail: "tuft",
      behind: (pencil, random, { head: [x, y] }) =>
        rays(pencil, [x, y], 0.36, 0.14, about(random, 0.06, 0.6, 0.35)),
    }),
    tiger: quadruped(carnivore, {
      color: [0.07, 0.8, 0.85],
      ears: "round",
      tail: "ringed",
      coat: "striped",
    }),
    wolf: quadruped(carnivore, {
      color: [0.6, 0.1, 0.5],
      ears: "pointed",
      tail: "bushy",
      build: { snout: 0.3 },
    }),
  },
};

export const largeOmnivoresAndHerbivores: Family = {
  settings: ["savanna", "meadow"],
  turn: 0.08,
  members: {
    camel: quadruped(grazer, {
      color: [0.09, 0.5, 0.7],
      tail: "thin",
      upon: (pencil, random, _build, color) => {
        for (const x of random.chance(0.5) ? [0] : [-0.22, 0.22])
          pencil.fill(ellipse(x, -0.35, 0.19, 0.25), color);
      },
    }),
    cattle: quadruped(grazer, {
      color: [0.06, 0.15, 0.85],
      tail: "tuft",
      coat: "patched",
      build: { head: [0.75, -0.15, 0.22] },
      upon: (pencil, _random, { head: [x, y] }) => {
        for (const side of [-1, 1])
          pencil.fill(
            stroke(x + side * 0.12, y - 0.15, x + side * 0.26, y - 0.38, 0.045),
            WHITE,
          );
      },
    }),
    chimpanzee: quadruped(grazer, {
      color: [0.07, 0.25, 0.2],
      ears: "round",
      build: { body: [0.4, 0.42], legs: [0.85, 0.14], snout: 0.1 },
      upon: (pencil, random, { head: [x, y] }) => {
        pencil.fill(
          ellipse(x + 0.08, y + 0.03, 0.15),
          about(random, 0.07, 0.4, 0.75),
        );
        pencil.fill(ellipse(x + 0.12, y - 0.04, 0.04), BLACK);
      },
    }),
    elephant: quadruped(grazer, {
      color: [0.6, 0.1, 0.5],
      ears: "wide",
      tail: "thin",
      build: { body: [0.62, 0.5], legs: [0.95, 0.16], head: [0.6, -0.25, 0.3] },
      upon: (pencil, random, { head: [x, y] }, color) => {
        const bend = random.uniform(0, 0.2);
        pencil.fill(
          stroke(x + 0.25, y + 0.1, x + 0.36, 0.4, 0.12, 0.08),
          color,
        );
        pencil.fill(stroke(x + 0.36, 0.4, x + 0.3 + bend, 0.7, 0.08), color);
      },
    }),
    kangaroo: quadruped(grazer, {
      color: [0.07, 0.4, 0.6],
      ears: "long",
      build: {
        body: [0.34, 0.5],
        legs: [0.9, 0.08],
        head: [0.35, -0.68, 0.18],
      },
      behind: (pencil, _random, _build, color) =>
        pencil.fill(stroke(-0.2, 0.35, -0.95, 0.85, 0.18, 0.07), color),
    }),
  },
};

export const mediumMammals: Family = {
  settings: ["forest", "forest", "road"],
  turn: 0.1,
  members: {
    fox: quadruped(prowler, {
      color: [0.05, 0.8, 0.8],
      ears: "pointed",
      tail: "bushy",
    }),
    porcupine: quadruped(prowler, {
      color: [0.08, 0.3, 0.3],
      behind: (pencil, random) => {
        const spine = about(random, 0.1, 0.2, 0.75);
        for (let x = -0.6; x <= 0.35; x += 0.16)
          pencil.fill(stroke(x, 0, x * 1.3 - 0.2, -0.6, 0.04), spine);
      },
    }),
    possum: quadruped(prowler, {
      color: [0.1, 0.08, 0.65],
      ears: "round",
      tail: "thin",
      build: { snout: 0.34 },
      upon: (pencil, _random, { head: [x, y, radius] }) =>
        pencil.fill(ellipse(x + 0.02, y + 0.04, radius * 0.8), WHITE, {
          opacity: 0.8,
        }),
    }),
    raccoon: quadruped(prowler, {
      color: [0.1, 0.1, 0.5],
      ears: "pointed",
      tail: "ringed",
      upon: (pencil, _random, { head: [x, y] }) => {
        pencil.fill(stroke(x - 0.12, y - 0.02, x + 0.2, y - 0.02, 0.09), BLACK);
        pencil.fill(ellipse(x + 0.08, y - 0.04, 0.04), WHITE);
      },
    }),
    skunk: quadruped(prowler, {
      color: [0.6, 0.1, 0.12],
      tail: "upright",
      upon: (pencil) => {
        pencil.fill(stroke(-0.5, -0.12, 0.45, -0.16, 0.08), WHITE);
        pencil.fill(stroke(-0.5, -0.1, -0.62, -0.6, 0.06), WHITE);
      },
    }),
  },
};

export const smallMammals: Family = {
  settings: ["table", "meadow", "room"],
  turn: 0.12,
  members: {
    hamster: quadruped(rodent, {
      color: [0.09, 0.55, 0.8],
      ears: "round",
      build: { body: [0.58, 0.48] },
      upon: (pencil) => pencil.fill(ellipse(0.05, 0.3, 0.4, 0.2), WHITE),
    }),
    mouse: quadruped(rodent, {
      color: [0.08, 0.1, 0.55],
      ears: "wide",
      build: { body: [0.5, 0.32] },
      behind: (pencil, random) => {
        const pink = about(random, 0.98, 0.4, 0.8);
        pencil.fill(stroke(-0.4, 0.2, -0.8, 0.4, 0.04), pink);
        pencil.fill(stroke(-0.8, 0.4, -1.1, 0.1, 0.03), pink);
      },
    }),
    rabbit: quadruped(rodent, {
      color: [0.08, 0.2, 0.7],
      ears: "long",
      upon: (pencil) => pencil.fill(ellipse(-0.58, 0.1, 0.16), WHITE),
    }),
    shrew: quadruped(rodent, {
      color: [0.07, 0.35, 0.35],
      tail: "thin",
      build: { body: [0.6, 0.3], head: [0.55, 0, 0.2], snout: 0.45 },
    }),
    squirrel: quadruped(rodent, {
      color: [0.04, 0.7, 0.6],
      ears: "pointed",
      tail: "upright",
      build: { body: [0.42, 0.36] },
    }),
  },
};

/** A ring of strokes around a point: a mane, spines. */
function rays(
  pencil: Pencil,
  place: readonly [number, number],
  radius: number,
  thick: number,
  color: Rgb,
): void {
  const directions = [
    1, 0, 0.7, 0.7, 0, 1, -0.7, 0.7, -1, 0, -0.7, -0.7, 0, -1,
  ];
  for (let index = 0; index < directions.length; index += 2) {
    const [x, y] = place;
    const toX = x + directions[index]! * radius;
    const toY = y + directions[index + 1]! * radius;
    pencil.fill(stroke(x, y, toX, toY, thick), color);
  }
}
