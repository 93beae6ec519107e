/**
 * Draws flowers, fruit, vegetables and trees.
 */
import { BLACK, mix, WHITE } from "../color";
import type { Rgb } from "../color";
import type { Draw, Pencil } from "../pencil";
import type { Random } from "../random";
import { box, ellipse, polygon, stroke } from "../shape";
import { about, type Family } from "./family";

/** Twelve directions around the clock: cosine, sine. */
const directions: readonly (readonly [number, number])[] = [
  ...([
    [1, 0],
    [0.87, 0.5],
    [0.5, 0.87],
    [0, 1],
  ] as const),
  ...([
    [-0.5, 0.87],
    [-0.87, 0.5],
    [-1, 0],
    [-0.87, -0.5],
  ] as const),
  ...([
    [-0.5, -0.87],
    [0, -1],
    [0.5, -0.87],
    [0.87, -0.5],
  ] as const),
];

/** A stem with leaves, and on it a blossom around (0, -0.25). */
function flower(blossom: (pencil: Pencil, random: Random) => void): Draw {
  return (pencil, random) => {
    const green = about(random, 0.3, 0.6, 0.45);
    pencil.fill(stroke(0, 0, random.uniform(-0.2, 0.2), 1, 0.07), green);
    for (const side of [-1, 1]) {
      const up = random.uniform(0.35, 0.6);
      pencil.fill(stroke(0, 0.8, side * 0.45, up, 0.06, 0.13), green);
    }
    blossom(pencil, random);
  };
}

function petals(
  pencil: Pencil,
  every: number,
  radius: number,
  thick: number,
  color: Rgb,
): void {
  directions.forEach(([x, y], index) => {
    if (index % every !== 0) return;
    const petal = stroke(
      0,
      -0.25,
      x * radius,
      y * radius - 0.25,
      thick * 0.5,
      thick,
    );
    pencil.fill(petal, index % (2 * every) ? mix(color, BLACK, 0.15) : color);
  });
}

export const flowers: Family = {
  settings: ["meadow", "forest", "table"],
  turn: 0.15,
  members: {
    orchid: flower((pencil, random) => {
      const color = about(random, 0.83, 0.35, 0.9);
      for (const [x, y] of [
        [0, -0.85],
        [-0.6, -0.4],
        [0.6, -0.4],
        [-0.35, 0.15],
        [0.35, 0.15],
      ] as const)
        pencil.fill(stroke(0, -0.25, x, y, 0.1, 0.2), color);
      pencil.fill(ellipse(0, -0.1, 0.15, 0.22), about(random, 0.9, 0.8, 0.6));
    }),
    poppy: flower((pencil, random) => {
      const color = about(random, 0.01, 0.85, 0.9);
      petals(pencil, 3, 0.35, 0.36, color);
      pencil.fill(ellipse(0, -0.25, 0.16), BLACK);
    }),
    rose: flower((pencil, random) => {
      const color = about(random, 0.96, 0.65, 0.75);
      [0.58, 0.44, 0.3, 0.17].forEach((radius, index) =>
        pencil.fill(
          ellipse(random.uniform(-0.06, 0.06), -0.25, radius),
          index % 2 ? mix(color, BLACK, 0.35) : color,
        ),
      );
    }),
    sunflower: flower((pencil, random) => {
      petals(pencil, 1, 0.65, 0.13, about(random, 0.14, 0.85, 0.95));
      pencil.fill(ellipse(0, -0.25, 0.35), about(random, 0.07, 0.6, 0.25));
    }),
    tulip: flower((pencil, random) => {
      const color = about(random, random.pick([0.97, 0.12, 0.8]), 0.7, 0.85);
      pencil.fill(ellipse(0, -0.2, 0.4, 0.38), color);
      pencil.fill(polygon([-0.4, -0.2, -0.42, -0.8, -0.1, -0.4]), color);
      pencil.fill(polygon([0.4, -0.2, 0.42, -0.8, 0.1, -0.4]), color);
      pencil.fill(
        polygon([-0.2, -0.2, 0, -0.85, 0.2, -0.2]),
        mix(color, BLACK, 0.2),
      );
    }),
  },
};

/** One, two or three of a kind, side by side. */
function pieces(
  draw: (pencil: Pencil, random: Random, x: number, y: number) => void,
): Draw {
  return (pencil, random) => {
    const count = random.pick([1, 1, 2, 3]);
    if (count === 1) draw(pencil, random, 0, 0);
    for (let index = 0; index < count && count > 1; index++)
      draw(
        pencil,
        random,
        (index - (count - 1) / 2) * 0.75,
        random.uniform(-0.25, 0.25),
      );
  };
}

function shine(pencil: Pencil, x: number, y: number): void {
  pencil.fill(ellipse(x - 0.18, y - 0.2, 0.1, 0.14), WHITE, { opacity: 0.6 });
}

export const fruitAndVegetables: Family = {
  settings: ["table", "table", "meadow"],
  turn: 0.2,
  members: {
    apple: pieces((pencil, random, x, y) => {
      const color = about(random, random.pick([0.0, 0.0, 0.25]), 0.75, 0.75);
      pencil.fill(ellipse(x - 0.18, y, 0.42, 0.48), color);
      pencil.fill(ellipse(x + 0.18, y, 0.42, 0.48), color);
      pencil.fill(
        stroke(x, y - 0.35, x + 0.08, y - 0.75, 0.045),
        [0.35, 0.2, 0.1],
      );
      pencil.fill(
        stroke(x + 0.1, y - 0.6, x + 0.35, y - 0.7, 0.04, 0.1),
        [0.25, 0.5, 0.15],
      );
      shine(pencil, x, y);
    }),
    mushroom: pieces((pencil, random, x, y) => {
      const cap = about(random, 0.06, 0.5, 0.6);
      pencil.fill(
        stroke(x, y, x, y + 0.6, 0.15, 0.2),
        about(random, 0.1, 0.1, 0.85),
      );
      pencil.fill(ellipse(x, y - 0.05, 0.6, 0.42), cap);
      pencil.fill(box(x, y + 0.22, 0.55, 0.08, 0.05), mix(cap, WHITE, 0.6));
      for (const px of [-0.3, 0, 0.28])
        pencil.fill(ellipse(x + px, y - 0.15, 0.08), WHITE, { opacity: 0.7 });
    }),
    orange: pieces((pencil, random, x, y) => {
      const color = about(random, 0.08, 0.9, 0.95);
      pencil.fill(ellipse(x, y, 0.55), color);
      pencil.fill(ellipse(x + 0.1, y - 0.4, 0.06), [0.25, 0.35, 0.1]);
      shine(pencil, x, y);
    }),
    pear: pieces((pencil, random, x, y) => {
      const color = about(random, 0.19, 0.65, 0.75);
      pencil.fill(
        stroke(x, y + 0.2, x + random.uniform(-0.1, 0.1), y - 0.4, 0.46, 0.2),
        color,
      );
      pencil.fill(
        stroke(x, y - 0.5, x + 0.08, y - 0.85, 0.045),
        [0.35, 0.2, 0.1],
      );
      shine(pencil, x, y + 0.2);
    }),
    sweet_pepper: pieces((pencil, random, x, y) => {
      const color = about(random, random.pick([0.0, 0.14, 0.3]), 0.85, 0.75);
      for (const px of [-0.28, 0.28, 0])
        pencil.fill(
          stroke(x + px, y - 0.2, x + px * 0.7, y + 0.4, 0.26, 0.18),
          px === 0 ? color : mix(color, BLACK, 0.25),
        );
      pencil.fill(
        stroke(x, y - 0.4, x + 0.05, y - 0.75, 0.09),
        [0.2, 0.45, 0.15],
      );
      shine(pencil, x, y);
    }),
  },
};

/** A trunk, and above it a crown. */
function tree(
  trunk: number,
  crown: (pencil: Pencil, random: Random) => void,
): Draw {
  return (pencil, random) => {
    const bark = about(random, 0.07, 0.45, 0.35);
    const lean = random.uniform(-0.12, 0.12);
    pencil.fill(stroke(lean, -0.2, 0, 1, trunk * 0.8, trunk), bark);
    crown(pencil, random);
  };
}

/** A crown of many round tufts between two widths and two heights. */
function tufts(
  pencil: Pencil,
  random: Random,
  [width, top, bottom]: readonly [number, number, number],
  color: Rgb,
): void {
  for (let count = 0; count < 9; count++) {
    const x = random.uniform(-width, width);
    const y = random.uniform(top, bottom);
    const shade = mix(
      color,
      random.chance(0.5) ? BLACK : WHITE,
      random.uniform(0, 0.3),
    );
    pencil.fill(ellipse(x, y, random.uniform(0.22, 0.36)), shade);
  }
}

export const trees: Family = {
  settings: ["meadow", "sky", "meadow"],
  turn: 0.05,
  members: {
    maple_tree: tree(0.09, (pencil, random) =>
      tufts(pencil, random, [0.5, -0.75, 0.05], about(random, 0.04, 0.8, 0.75)),
    ),
    oak_tree: tree(0.19, (pencil, random) =>
      tufts(pencil, random, [0.75, -0.6, 0], about(random, 0.27, 0.55, 0.4)),
    ),
    palm_tree: tree(0.07, (pencil, random) => {
      const green = about(random, 0.28, 0.6, 0.45);
      for (const [x, y] of directions) {
        if (y > 0.6) continue;
        const reach = random.uniform(0.55, 0.85);
        pencil.fill(
          stroke(0, -0.4, x * reach * 0.6, y * 0.4 - 0.55, 0.07),
          green,
        );
        pencil.fill(
          stroke(
            x * reach * 0.6,
            y * 0.4 - 0.55,
            x * reach,
            y * 0.4 - 0.2,
            0.08,
            0.02,
          ),
          green,
        );
      }
    }),
    pine_tree: tree(0.08, (pencil, random) => {
      const green = about(random, 0.4, 0.5, 0.3);
      const width = random.uniform(0.45, 0.7);
      for (const level of [0, 1, 2]) {
        const y = 0.55 - level * 0.5;
        const half = width * (1 - level * 0.25);
        pencil.fill(
          polygon([-half, y, half, y, 0, y - 0.75]),
          mix(green, BLACK, level * 0.12),
        );
      }
    }),
    willow_tree: tree(0.12, (pencil, random) => {
      const green = about(random, 0.2, 0.5, 0.55);
      pencil.fill(ellipse(0, -0.45, 0.65, 0.4), green);
      for (let x = -0.8; x <= 0.8; x += 0.2) {
        const low = random.uniform(0.3, 0.8);
        const strand = stroke(x * 0.7, -0.5, x, low, 0.08, 0.03);
        pencil.fill(strand, mix(green, BLACK, random.uniform(0, 0.35)));
      }
    }),
  },
};
