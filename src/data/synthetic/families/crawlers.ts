/**
 * Draws insects, other invertebrates and reptiles.
 */
import { spottedCoat } from "../coat";
import { BLACK, contrast, mix, WHITE } from "../color";
import type { Rgb } from "../color";
import type { Draw, Pencil } from "../pencil";
import type { Random } from "../random";
import { ellipse, polygon, stroke } from "../shape";
import { about, type Family } from "./family";

type Color = readonly [number, number, number];
type Detail = (pencil: Pencil, random: Random, color: Rgb) => void;
/** Seen from above, the head to the right: six bent legs, two feelers. */
function insect(color: Color, legs: number, detail: Detail): Draw {
  return (pencil, random) => {
    const shell = about(random, ...color);
    const dark = mix(shell, BLACK, 0.6);
    for (const side of [-1, 1]) {
      for (const x of [-0.3, 0, 0.3]) {
        const knee = x * 1.5 + random.uniform(-0.06, 0.06);
        pencil.fill(stroke(x, 0, knee, side * legs * 0.7, 0.04), dark);
        pencil.fill(
          stroke(knee, side * legs * 0.7, knee - 0.1, side * legs, 0.03),
          dark,
        );
      }
      pencil.fill(
        stroke(0.6, side * 0.05, 0.95, side * random.uniform(0.2, 0.35), 0.03),
        dark,
      );
    }
    detail(pencil, random, shell);
  };
}

export const insects: Family = {
  settings: ["meadow", "table", "meadow"],
  turn: 0.7,
  members: {
    bee: insect([0.13, 0.85, 0.85], 0.45, (pencil, random, color) => {
      pencil.fill(ellipse(-0.25, 0, 0.45, 0.28), color);
      for (const x of [-0.5, -0.28, -0.06])
        pencil.fill(stroke(x, -0.2, x, 0.2, 0.055), BLACK);
      pencil.fill(ellipse(0.3, 0, 0.26), mix(color, BLACK, 0.5));
      pencil.fill(ellipse(0.6, 0, 0.16), BLACK);
      for (const side of [-1, 1])
        pencil.fill(
          ellipse(-0.05, side * 0.4, 0.2, random.uniform(0.25, 0.35)),
          WHITE,
          { opacity: 0.6 },
        );
    }),
    beetle: insect([0.4, 0.5, 0.3], 0.6, (pencil, random, color) => {
      pencil.fill(ellipse(-0.15, 0, 0.6, 0.45), color);
      pencil.fill(stroke(-0.7, 0, 0.35, 0, 0.03), BLACK);
      pencil.fill(ellipse(0.5, 0, 0.25, 0.3), mix(color, BLACK, 0.5));
      if (random.chance(0.6))
        pencil.fill(ellipse(-0.2, -0.2, 0.25, 0.08), WHITE, { opacity: 0.5 });
    }),
    butterfly: insect([0.07, 0.7, 0.85], 0.2, (pencil, random, color) => {
      const span = random.uniform(0.75, 0.95);
      const other = contrast(color, 0.6);
      for (const side of [-1, 1]) {
        pencil.fill(
          polygon([0.3, 0, 0.65, side * span, 0, side * span, -0.05, 0]),
          color,
        );
        pencil.fill(
          polygon([
            0,
            0,
            -0.15,
            side * span * 0.8,
            -0.7,
            side * span * 0.6,
            -0.3,
            0,
          ]),
          color,
        );
        pencil.fill(ellipse(0.3, side * 0.6, 0.13), other);
        pencil.fill(ellipse(-0.35, side * 0.45, 0.1), other);
      }
      pencil.fill(stroke(-0.45, 0, 0.55, 0, 0.07), BLACK);
    }),
    caterpillar: insect([0.25, 0.7, 0.65], 0.25, (pencil, random, color) => {
      const bend = random.uniform(-0.25, 0.25);
      for (let ring = 0; ring < 7; ring++) {
        const x = -0.9 + ring * 0.28;
        const place = ellipse(x, bend * (x * x - 0.3), 0.2);
        pencil.fill(place, ring % 2 ? mix(color, BLACK, 0.35) : color);
      }
      pencil.fill(ellipse(0.95, bend * 0.6, 0.17), mix(color, BLACK, 0.6));
    }),
    cockroach: insect([0.06, 0.7, 0.35], 0.7, (pencil, random, color) => {
      pencil.fill(ellipse(-0.1, 0, 0.75, 0.27), color);
      pencil.fill(ellipse(0.5, 0, 0.2, 0.24), mix(color, WHITE, 0.25));
      for (const side of [-1, 1])
        pencil.fill(
          stroke(0.65, 0, 1.2, side * random.uniform(0.4, 0.6), 0.025),
          color,
        );
    }),
  },
};

export const nonInsectInvertebrates: Family = {
  settings: ["savanna", "table", "water"],
  turn: 0.2,
  members: {
    crab: (pencil, random) => {
      const shell = about(random, 0.03, 0.75, 0.75);
      for (const side of [-1, 1]) {
        for (const y of [-0.05, 0.15, 0.35])
          pencil.fill(
            stroke(side * 0.4, y, side * 0.95, y + 0.25, 0.05),
            shell,
          );
        pencil.fill(stroke(side * 0.5, -0.1, side * 0.85, -0.5, 0.08), shell);
        pencil.fill(ellipse(side * 0.8, -0.62, 0.22, 0.17), shell);
        pencil.fill(
          polygon([side * 0.8, -0.85, side * 0.7, -0.6, side * 0.9, -0.6]),
          BLACK,
          { opacity: 0.6 },
        );
      }
      pencil.fill(ellipse(0, 0.1, 0.6, 0.38), shell);
      for (const x of [-0.18, 0.18])
        pencil.fill(ellipse(x, -0.28, 0.08), BLACK);
    },
    lobster: (pencil, random) => {
      const shell = about(random, 0.01, 0.8, 0.6);
      for (let ring = 0; ring < 5; ring++)
        pencil.fill(
          ellipse(-0.2 - ring * 0.17, 0.1, 0.14, 0.24 - ring * 0.025),
          ring % 2 ? mix(shell, BLACK, 0.3) : shell,
        );
      pencil.fill(polygon([-0.95, 0.1, -1.2, -0.2, -1.2, 0.4]), shell);
      pencil.fill(ellipse(0.15, 0.1, 0.4, 0.26), shell);
      for (const side of [-1, 1]) {
        pencil.fill(
          stroke(0.4, 0.1 + side * 0.15, 0.75, 0.1 + side * 0.45, 0.07),
          shell,
        );
        pencil.fill(ellipse(0.95, 0.1 + side * 0.45, 0.27, 0.14), shell);
        pencil.fill(stroke(0.5, 0.1, 1.2, 0.1 + side * 0.2, 0.02), shell);
      }
    },
    snail: (pencil, random) => {
      const shell = about(random, 0.08, 0.55, 0.6);
      const body = about(random, 0.12, 0.3, 0.65);
      pencil.fill(stroke(-0.8, 0.5, 0.7, 0.5, 0.12, 0.14), body);
      pencil.fill(stroke(0.7, 0.5, 0.85, 0.15, 0.13), body);
      for (const x of [0.85, 1])
        pencil.fill(stroke(x - 0.1, 0.15, x, -0.2, 0.03), body);
      [0.58, 0.42, 0.27, 0.13].forEach((radius, index) =>
        pencil.fill(
          ellipse(-0.1 + index * 0.03, 0.02, radius),
          index % 2 ? mix(shell, BLACK, 0.5) : shell,
        ),
      );
    },
    spider: (pencil, random) => {
      const dark = about(random, 0.07, 0.4, 0.15);
      for (const side of [-1, 1]) {
        for (const reach of [-0.9, -0.4, 0.35, 0.85]) {
          const y = reach * 0.6 - 0.2;
          pencil.fill(stroke(0, 0, side * 0.5, y - 0.15, 0.04), dark);
          pencil.fill(
            stroke(side * 0.5, y - 0.15, side * 0.95, reach, 0.03),
            dark,
          );
        }
      }
      pencil.fill(ellipse(0, 0.3, 0.33, 0.38), dark);
      pencil.fill(ellipse(0, -0.15, 0.2), contrast(dark, 0.2));
    },
    worm: (pencil, random) => {
      const skin = about(random, 0.97, 0.45, 0.7);
      const bends = [0, 1, 2, 3, 4, 5].map(() => random.uniform(-0.5, 0.5));
      for (let piece = 0; piece < 5; piece++) {
        const x = -1 + piece * 0.4;
        const part = stroke(x, bends[piece]!, x + 0.4, bends[piece + 1]!, 0.13);
        pencil.fill(part, piece === 3 ? mix(skin, BLACK, 0.25) : skin);
      }
    },
  },
};

/** A long low body, short bent legs, a skin of scales. */
function reptile(
  color: Color,
  thick: number,
  legs: number,
  detail: Detail,
): Draw {
  return (pencil, random) => {
    const skin = about(random, ...color);
    const shade = spottedCoat(random, 0.6);
    for (const x of [-0.4, 0.3]) {
      const foot = x + random.uniform(0, 0.2);
      pencil.fill(
        stroke(x, 0.1, foot, legs, 0.09, 0.07),
        mix(skin, BLACK, 0.25),
      );
    }
    pencil.fill(
      stroke(-0.4, 0.1, -1.1, random.uniform(0, 0.35), thick * 0.7, 0.03),
      skin,
      { shade },
    );
    pencil.fill(ellipse(-0.05, 0.08, 0.55, thick), skin, { shade });
    detail(pencil, random, skin);
  };
}

export const reptiles: Family = {
  settings: ["savanna", "water", "forest"],
  turn: 0.12,
  members: {
    crocodile: reptile(
      [0.25, 0.4, 0.35],
      0.22,
      0.45,
      (pencil, _random, color) => {
        pencil.fill(stroke(0.4, 0.02, 1.1, 0.1, 0.16, 0.09), color);
        for (let x = 0.6; x < 1.1; x += 0.14)
          pencil.fill(polygon([x, 0.12, x + 0.1, 0.12, x + 0.05, 0.24]), WHITE);
        for (let x = -0.7; x < 0.4; x += 0.2)
          pencil.fill(
            polygon([x, -0.05, x + 0.14, -0.05, x + 0.07, -0.25]),
            mix(color, BLACK, 0.4),
          );
        pencil.fill(ellipse(0.5, -0.14, 0.08), WHITE);
      },
    ),
    dinosaur: reptile([0.3, 0.45, 0.5], 0.32, 0.85, (pencil, random, color) => {
      const up = random.uniform(-0.85, -0.6);
      pencil.fill(stroke(0.3, -0.05, 0.6, up, 0.18, 0.11), color);
      pencil.fill(stroke(0.6, up, 0.9, up + 0.05, 0.16, 0.1), color);
      pencil.fill(ellipse(0.68, up - 0.05, 0.045), BLACK);
    }),
    lizard: reptile([0.3, 0.65, 0.6], 0.15, 0.4, (pencil, _random, color) => {
      pencil.fill(stroke(0.4, 0.05, 0.85, -0.05, 0.15, 0.1), color);
      pencil.fill(stroke(-0.5, 0.02, 0.5, 0.02, 0.035), contrast(color, 0.6));
      pencil.fill(ellipse(0.72, -0.08, 0.045), BLACK);
    }),
    snake: (pencil, random) => {
      const skin = about(random, 0.18, 0.5, 0.5);
      const bands = contrast(skin, 0.55);
      let [x, y, side] = [-1, random.uniform(0.1, 0.4), -1];
      for (let piece = 0; piece < 6; piece++) {
        const [toX, toY] = [x + 0.33, 0.15 + side * random.uniform(0.15, 0.4)];
        pencil.fill(stroke(x, y, toX, toY, 0.1 + piece * 0.01), skin);
        pencil.fill(ellipse((x + toX) / 2, (y + toY) / 2, 0.09), bands);
        [x, y, side] = [toX, toY, -side];
      }
      pencil.fill(ellipse(x, y, 0.19, 0.14), skin);
      pencil.fill(stroke(x + 0.15, y, x + 0.32, y, 0.02), [0.85, 0.1, 0.1]);
    },
    turtle: reptile([0.22, 0.5, 0.4], 0.2, 0.5, (pencil, _random, color) => {
      pencil.fill(
        stroke(0.4, 0.1, 0.85, -0.02, 0.1, 0.16),
        mix(color, WHITE, 0.25),
      );
      pencil.fill(ellipse(-0.05, 0, 0.68, 0.45), color);
      const dark = mix(color, BLACK, 0.5);
      for (const px of [-0.4, 0, 0.35])
        pencil.fill(ellipse(px, -0.05, 0.13, 0.2), dark);
      pencil.fill(
        stroke(-0.65, 0.28, 0.55, 0.28, 0.07),
        mix(color, WHITE, 0.35),
      );
    }),
  },
};
