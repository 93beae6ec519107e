/**
 * Draws fish and aquatic mammals.
 */
import { spottedCoat, stripedCoat } from "../coat";
import { BLACK, contrast, mix, WHITE } from "../color";
import type { Rgb } from "../color";
import type { Draw, Pencil } from "../pencil";
import type { Random } from "../random";
import { ellipse, polygon, stroke } from "../shape";
import { about, type Family } from "./family";

type Color = readonly [number, number, number];
type Detail = (pencil: Pencil, random: Random, color: Rgb) => void;
type Coat = "striped" | "spotted" | "plain";

function coatOf(
  coat: Coat,
  random: Random,
): ((x: number, y: number) => number) | undefined {
  if (coat === "striped") return stripedCoat(random);
  return coat === "spotted" ? spottedCoat(random, 0.5) : undefined;
}

/** An oval body with a tail fin, an eye and a mouth. */
function fish(
  color: Color,
  size: readonly [number, number],
  coat: Coat,
  detail: Detail,
): Draw {
  return (pencil, random) => {
    const skin = about(random, ...color);
    const [length, height] = size;
    detail(pencil, random, skin);
    const fin = random.uniform(0.25, 0.4);
    pencil.fill(
      polygon([
        -length * 0.7,
        0,
        -length - 0.35,
        -fin,
        -length - 0.25,
        0,
        -length - 0.35,
        fin,
      ]),
      contrast(skin, 0.3),
    );
    const tall = height * random.uniform(0.85, 1.15);
    pencil.fill(ellipse(0, 0, length, tall), skin, {
      shade: coatOf(coat, random),
    });
    pencil.fill(
      ellipse(0, tall * 0.5, length * 0.7, tall * 0.3),
      mix(skin, WHITE, 0.5),
    );
    pencil.fill(ellipse(length * 0.65, -tall * 0.2, 0.1), WHITE);
    pencil.fill(ellipse(length * 0.67, -tall * 0.2, 0.055), BLACK);
  };
}

export const fishes: Family = {
  settings: ["depths"],
  turn: 0.2,
  members: {
    aquarium_fish: fish(
      [0.08, 0.85, 0.95],
      [0.55, 0.42],
      "striped",
      (pencil, _random, color) => {
        pencil.fill(polygon([0.2, -0.3, -0.35, -0.75, -0.3, -0.2]), color);
        pencil.fill(polygon([0.1, 0.3, -0.3, 0.7, -0.25, 0.2]), color);
      },
    ),
    flatfish: fish(
      [0.1, 0.4, 0.5],
      [0.75, 0.5],
      "spotted",
      (pencil, _random, color) => {
        pencil.fill(ellipse(-0.05, 0, 0.85, 0.68), mix(color, BLACK, 0.35));
        pencil.fill(ellipse(0.5, -0.45, 0.1), WHITE);
      },
    ),
    ray: fish(
      [0.58, 0.3, 0.4],
      [0.5, 0.25],
      "plain",
      (pencil, random, color) => {
        const wing = random.uniform(0.7, 0.95);
        pencil.fill(polygon([0.6, 0, -0.1, -wing, -0.5, 0, -0.1, wing]), color);
        pencil.fill(
          stroke(-0.4, 0, -1.2, random.uniform(-0.2, 0.2), 0.05, 0.02),
          color,
        );
      },
    ),
    shark: fish(
      [0.6, 0.2, 0.5],
      [0.9, 0.24],
      "plain",
      (pencil, _random, color) => {
        pencil.fill(polygon([0.15, -0.1, -0.2, -0.65, -0.25, -0.1]), color);
        pencil.fill(polygon([0.2, 0.1, -0.15, 0.55, -0.1, 0.1]), color);
        pencil.fill(polygon([-0.8, 0, -1.2, -0.6, -1, 0]), color);
      },
    ),
    trout: fish(
      [0.22, 0.35, 0.55],
      [0.8, 0.26],
      "spotted",
      (pencil, random, color) => {
        pencil.fill(polygon([0, -0.2, -0.25, -0.4, -0.3, -0.15]), color);
        pencil.fill(
          stroke(-0.6, 0.02, 0.6, 0.02, 0.08),
          about(random, 0.98, 0.5, 0.8),
        );
      },
    ),
  },
};

/** What the swimming mammals share: a long back, a light belly, a head low over the water. */
function swimmer(
  color: readonly [number, number, number],
  thick: number,
  detail: (pencil: Pencil, random: Random, color: Rgb) => void,
): Draw {
  return (pencil, random) => {
    const skin = about(random, ...color);
    const width = thick * random.uniform(0.85, 1.15);
    detail(pencil, random, skin);
    pencil.fill(stroke(0.2, 0, -0.75, 0.15, width, 0.1), skin);
    pencil.fill(stroke(0.15, 0, 0.65, -0.08, width, width * 0.6), skin);
    pencil.fill(
      stroke(-0.3, 0.1 + width * 0.5, 0.55, width * 0.5, width * 0.3),
      mix(skin, WHITE, 0.5),
    );
    pencil.fill(ellipse(0.68, -0.12, 0.045), contrast(skin, 0.9));
    if (random.chance(0.5)) {
      const foam = stroke(-1, 0.32, 1, random.uniform(0.25, 0.4), 0.08);
      pencil.fill(foam, about(random, 0.55, 0.3, 0.85), { opacity: 0.8 });
    }
  };
}

export const aquaticMammals: Family = {
  settings: ["water", "water", "depths"],
  turn: 0.15,
  members: {
    beaver: swimmer([0.06, 0.6, 0.35], 0.27, (pencil, random) => {
      pencil.fill(
        ellipse(-0.85, 0.18, 0.28, 0.13),
        about(random, 0.06, 0.3, 0.2),
      );
      pencil.fill(ellipse(0.5, -0.3, 0.1), about(random, 0.06, 0.6, 0.25));
    }),
    dolphin: swimmer([0.58, 0.35, 0.55], 0.2, (pencil, _random, color) => {
      pencil.fill(polygon([-0.1, -0.1, -0.3, -0.55, 0.2, -0.1]), color);
      pencil.fill(polygon([-0.7, 0.15, -1.05, -0.2, -1.0, 0.4]), color);
      pencil.fill(stroke(0.6, -0.05, 1, 0, 0.07, 0.04), color);
    }),
    otter: swimmer([0.07, 0.5, 0.45], 0.16, (pencil, _random, color) => {
      pencil.fill(stroke(-0.7, 0.15, -1.1, 0, 0.08, 0.04), color);
      for (const x of [-0.3, 0.3])
        pencil.fill(stroke(x, 0, x + 0.1, 0.4, 0.07), color);
      pencil.fill(ellipse(0.68, -0.1, 0.2), mix(color, WHITE, 0.4));
    }),
    seal: swimmer([0.6, 0.1, 0.45], 0.33, (pencil, random, color) => {
      pencil.fill(
        polygon([0.2, 0.2, 0.05, 0.6, 0.4, 0.3]),
        mix(color, BLACK, 0.3),
      );
      pencil.fill(polygon([-0.7, 0.15, -1, 0, -1, 0.35]), color);
      pencil.fill(stroke(0.7, 0, 0.95, random.uniform(-0.1, 0.1), 0.03), WHITE);
    }),
    whale: swimmer([0.62, 0.6, 0.3], 0.4, (pencil, _random, color) => {
      pencil.fill(
        polygon([-0.65, 0.1, -1.05, -0.4, -0.85, -0.05, -1.15, -0.1]),
        color,
      );
      pencil.fill(stroke(0.3, -0.3, 0.3, -0.75, 0.04), WHITE);
      pencil.fill(stroke(0.15, -0.85, 0.45, -0.85, 0.07), WHITE);
    }),
  },
};
