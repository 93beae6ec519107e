/**
 * Draws man-made outdoor things and natural outdoor scenes.
 */
import { BLACK, mix, WHITE } from "../color";
import type { Draw } from "../pencil";
import { box, ellipse, polygon, stroke } from "../shape";
import { about, type Family } from "./family";

const bridge: Draw = (pencil, random) => {
  const iron = about(random, random.pick([0.02, 0.6, 0.1]), 0.35, 0.45);
  const deck = random.uniform(0.1, 0.3);
  const towers = random.uniform(0.45, 0.65);
  pencil.fill(box(0, deck, 1.3, 0.07), iron);
  for (const side of [-1, 1]) {
    pencil.fill(
      box(side * towers, deck - 0.15, 0.07, 0.75),
      mix(iron, BLACK, 0.25),
    );
    pencil.fill(stroke(side * towers, -0.55, 0, deck - 0.12, 0.035), iron);
    pencil.fill(stroke(side * towers, -0.55, side * 1.3, deck, 0.035), iron);
  }
};

const castle: Draw = (pencil, random) => {
  const stone = about(random, 0.1, 0.2, 0.55);
  const dark = mix(stone, BLACK, 0.5);
  pencil.fill(box(0, 0.4, 0.8, 0.4), stone);
  for (const x of [-0.75, 0, 0.75]) {
    const top = random.uniform(-0.6, -0.2) - (x === 0 ? 0.15 : 0);
    pencil.fill(
      polygon([x - 0.22, 0.8, x + 0.22, 0.8, x + 0.22, top, x - 0.22, top]),
      stone,
    );
    for (const notch of [-0.16, 0, 0.16])
      pencil.fill(box(x + notch, top - 0.07, 0.05, 0.08), stone);
    pencil.fill(box(x, top + 0.3, 0.05, 0.1), dark);
  }
  pencil.fill(ellipse(0, 0.7, 0.15, 0.28), dark);
};

const house: Draw = (pencil, random) => {
  const wall = mix(
    about(random, 0.1, 0.3, 0.75),
    WHITE,
    random.uniform(0, 0.5),
  );
  const roof = about(random, 0.02, 0.55, 0.45);
  const ridge = random.uniform(-0.8, -0.55);
  pencil.fill(box(0, 0.35, 0.75, 0.5), wall);
  pencil.fill(box(0.45, -0.5, 0.09, 0.25), mix(roof, BLACK, 0.3));
  pencil.fill(polygon([-0.95, -0.1, 0, ridge, 0.95, -0.1]), roof);
  for (const x of [-0.42, 0.42])
    pencil.fill(box(x, 0.25, 0.15, 0.15), [0.25, 0.35, 0.45]);
  pencil.fill(box(0, 0.55, 0.13, 0.3), mix(roof, BLACK, 0.4));
};

const road: Draw = (pencil, random) => {
  const asphalt = about(random, 0.6, 0.05, 0.35);
  const bend = random.uniform(-0.5, 0.5);
  pencil.fill(
    polygon([-1.2, 1.3, 1.2, 1.3, bend + 0.12, -0.4, bend - 0.12, -0.4]),
    asphalt,
  );
  for (const t of [0, 0.3, 0.55, 0.75]) {
    const at = (part: number): [number, number] => [
      bend * part,
      1.3 - 1.7 * part,
    ];
    pencil.fill(stroke(...at(t), ...at(t + 0.14), 0.08 * (1.1 - t)), WHITE);
  }
  for (const side of [-1, 1])
    pencil.fill(
      stroke(side * 1.05, 1.2, bend + side * 0.1, -0.35, 0.05, 0.02),
      WHITE,
      { opacity: 0.7 },
    );
};

const skyscraper: Draw = (pencil, random) => {
  const front = about(random, 0.58, 0.25, 0.5);
  const width = random.uniform(0.28, 0.42);
  pencil.fill(
    box(-0.65, 0.55, 0.26, random.uniform(0.4, 0.8)),
    mix(front, BLACK, 0.35),
  );
  pencil.fill(
    box(0.68, 0.6, 0.24, random.uniform(0.4, 0.8)),
    mix(front, WHITE, 0.25),
  );
  pencil.fill(box(0, 0.1, width, 1.1), front);
  pencil.fill(stroke(0, -1, 0, -1.3, 0.04), front);
  const windows = random.chance(0.5)
    ? [0.95, 0.9, 0.6]
    : mix(front, BLACK, 0.6);
  for (let y = -0.85; y < 1; y += 0.24)
    for (const x of [-0.5, 0, 0.5])
      pencil.fill(
        box(x * width, y, width * 0.15, 0.07),
        windows as [number, number, number],
      );
};

export const largeManMadeOutdoorThings: Family = {
  settings: ["sky", "road", "meadow"],
  turn: 0.03,
  members: { bridge, castle, house, road, skyscraper },
};

const cloud: Draw = (pencil, random) => {
  pencil.fill(box(0, 0, 4, 4), about(random, 0.58, 0.45, 0.75));
  for (let heap = 0; heap < 3; heap++) {
    const [x, y] = [random.uniform(-0.8, 0.8), random.uniform(-0.8, 0.6)];
    const gray = mix(WHITE, [0.5, 0.52, 0.58], random.uniform(0, 0.6));
    for (let puff = 0; puff < 5; puff++)
      pencil.fill(
        ellipse(
          x + random.uniform(-0.5, 0.5),
          y + random.uniform(-0.15, 0.15),
          random.uniform(0.2, 0.4),
        ),
        gray,
        { opacity: 0.8 },
      );
  }
};

const forest: Draw = (pencil, random) => {
  pencil.fill(box(0, 0, 4, 4), about(random, 0.3, 0.5, 0.25));
  for (let trunk = 0; trunk < 7; trunk++) {
    const x = random.uniform(-1.3, 1.3);
    const bark = about(random, 0.08, 0.35, 0.3);
    pencil.fill(
      stroke(
        x,
        -1.6,
        x + random.uniform(-0.1, 0.1),
        1.3,
        random.uniform(0.06, 0.14),
      ),
      bark,
    );
  }
  for (let tuft = 0; tuft < 9; tuft++)
    pencil.fill(
      ellipse(
        random.uniform(-1.4, 1.4),
        random.uniform(-1.5, 0),
        random.uniform(0.2, 0.4),
      ),
      about(random, 0.3, 0.55, 0.4),
      { opacity: 0.8 },
    );
};

const mountain: Draw = (pencil, random) => {
  pencil.fill(
    polygon([-4, -4, 4, -4, 4, 0.4, -4, 0.4]),
    about(random, 0.58, 0.35, 0.8),
  );
  for (const [x, height] of [
    [-0.6, 1.1],
    [0.7, 1.0],
    [0, 1.5],
  ] as const) {
    const peakX = x + random.uniform(-0.25, 0.25);
    const peakY = 0.7 - height * random.uniform(0.8, 1.1);
    const rock = about(random, 0.62, 0.2, 0.4);
    const slope = random.uniform(0.8, 1.1);
    pencil.fill(
      polygon([
        peakX - height * slope,
        0.7,
        peakX,
        peakY,
        peakX + height * slope,
        0.7,
      ]),
      rock,
    );
    pencil.fill(
      polygon([
        peakX - 0.25 * slope,
        peakY + 0.25,
        peakX,
        peakY,
        peakX + 0.25 * slope,
        peakY + 0.25,
      ]),
      WHITE,
    );
  }
  pencil.fill(box(0, 2.4, 4, 1.75), about(random, 0.28, 0.4, 0.4));
};

const plain: Draw = (pencil, random) => {
  const horizon = random.uniform(-0.3, 0.3);
  pencil.fill(box(0, horizon - 4, 4, 4), about(random, 0.57, 0.3, 0.85));
  const field = about(random, random.pick([0.12, 0.2, 0.26]), 0.5, 0.6);
  pencil.fill(box(0, horizon + 4, 4, 4), field);
  for (let band = 0; band < 4; band++) {
    const y = horizon + 0.1 + band * band * 0.12;
    pencil.fill(
      box(0, y, 4, 0.03 + band * 0.04),
      mix(field, random.chance(0.5) ? BLACK : WHITE, 0.25),
    );
  }
};

const sea: Draw = (pencil, random) => {
  const horizon = random.uniform(-0.5, 0.1);
  pencil.fill(
    box(0, horizon - 4, 4, 4),
    about(random, random.pick([0.57, 0.57, 0.06]), 0.3, 0.85),
  );
  const water = about(random, 0.55, 0.55, 0.5);
  pencil.fill(box(0, horizon + 4, 4, 4), water);
  for (let wave = 0; wave < 9; wave++) {
    const [x, y] = [
      random.uniform(-1.3, 1.3),
      horizon + random.uniform(0.1, 1.5),
    ];
    pencil.fill(
      stroke(x, y, x + random.uniform(0.2, 0.6), y, 0.04),
      mix(water, WHITE, 0.6),
    );
  }
};

export const largeNaturalOutdoorScenes: Family = {
  settings: ["sky"],
  turn: 0.02,
  members: { cloud, forest, mountain, plain, sea },
};
