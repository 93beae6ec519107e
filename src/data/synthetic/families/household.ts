/**
 * Draws food containers, electrical devices and furniture.
 */
import { anyColor, BLACK, contrast, mix, WHITE } from "../color";
import type { Draw } from "../pencil";
import { box, ellipse, polygon, stroke } from "../shape";
import { about, type Family } from "./family";

const bottle: Draw = (pencil, random) => {
  const glass = about(random, random.pick([0.3, 0.08, 0.55]), 0.6, 0.5);
  const width = random.uniform(0.24, 0.34);
  pencil.fill(box(0, -0.7, width * 0.38, 0.3, 0.04), glass);
  pencil.fill(box(0, 0.35, width, 0.65, 0.12), glass);
  pencil.fill(ellipse(0, -0.2, width, 0.3), glass);
  pencil.fill(box(0, -0.95, width * 0.42, 0.07), anyColor(random));
  pencil.fill(box(0, 0.35, width, 0.25), mix(anyColor(random), WHITE, 0.5));
  pencil.fill(stroke(-width * 0.6, -0.1, -width * 0.6, 0.8, 0.04), WHITE, {
    opacity: 0.5,
  });
};

const bowl: Draw = (pencil, random) => {
  const color = anyColor(random);
  const width = random.uniform(0.75, 0.95);
  const inside = about(random, random.pick([0.05, 0.1, 0.3]), 0.5, 0.6);
  pencil.fill(
    polygon([
      -width,
      -0.15,
      width,
      -0.15,
      width * 0.45,
      0.55,
      -width * 0.45,
      0.55,
    ]),
    color,
  );
  pencil.fill(ellipse(0, -0.15, width, 0.26), contrast(color, 0.3));
  pencil.fill(ellipse(0, -0.13, width * 0.85, 0.19), inside);
};

const can: Draw = (pencil, random) => {
  const label = anyColor(random);
  const width = random.uniform(0.36, 0.5);
  pencil.fill(box(0, 0.05, width, 0.75), [0.7, 0.7, 0.72]);
  pencil.fill(ellipse(0, 0.78, width, 0.13), [0.55, 0.55, 0.57]);
  pencil.fill(box(0, 0.1, width, 0.55), label);
  pencil.fill(
    stroke(-width, 0.1, width, random.uniform(-0.2, 0.3), 0.1),
    contrast(label, 0.6),
  );
  pencil.fill(ellipse(0, -0.7, width, 0.15), [0.85, 0.85, 0.87]);
  pencil.fill(ellipse(0.05, -0.7, 0.12, 0.05), BLACK);
};

const cup: Draw = (pencil, random) => {
  const color = anyColor(random);
  const width = random.uniform(0.42, 0.56);
  pencil.fill(ellipse(width + 0.08, 0.08, 0.3, 0.33), color);
  pencil.fill(ellipse(width + 0.08, 0.08, 0.16, 0.19), contrast(color, 0.7));
  pencil.fill(
    polygon([-width, -0.5, width, -0.5, width * 0.8, 0.6, -width * 0.8, 0.6]),
    color,
  );
  pencil.fill(ellipse(0, -0.5, width, 0.15), contrast(color, 0.2));
  pencil.fill(ellipse(0, -0.48, width * 0.82, 0.1), [0.25, 0.14, 0.07]);
};

const plate: Draw = (pencil, random) => {
  const color = mix(anyColor(random), WHITE, 0.5);
  const flat = random.uniform(0.45, 0.95);
  pencil.fill(ellipse(0, 0, 0.95, 0.95 * flat), color);
  pencil.fill(ellipse(0, 0, 0.65, 0.65 * flat), mix(color, BLACK, 0.2));
  pencil.fill(ellipse(0, 0, 0.6, 0.6 * flat), mix(color, WHITE, 0.3));
  if (random.chance(0.5))
    pencil.fill(ellipse(0, 0, 0.3, 0.3 * flat), about(random, 0.1, 0.6, 0.6));
};

export const foodContainers: Family = {
  settings: ["table", "table", "room"],
  turn: 0.1,
  members: { bottle, bowl, can, cup, plate },
};

const clock: Draw = (pencil, random) => {
  const rim = anyColor(random);
  pencil.fill(ellipse(0, 0, 0.85), rim);
  pencil.fill(ellipse(0, 0, 0.68), [0.93, 0.93, 0.9]);
  for (const [x, y] of [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ] as const)
    pencil.fill(stroke(x * 0.5, y * 0.5, x * 0.6, y * 0.6, 0.06), BLACK);
  const hour = random.uniform(-0.4, 0.4);
  pencil.fill(stroke(0, 0, hour, random.sign() * 0.25, 0.07), BLACK);
  pencil.fill(
    stroke(0, 0, random.sign() * 0.45, random.uniform(-0.4, 0.4), 0.045),
    BLACK,
  );
};

const keyboard: Draw = (pencil, random) => {
  const board = random.chance(0.5)
    ? about(random, 0.6, 0.05, 0.2)
    : about(random, 0.1, 0.05, 0.8);
  const keys = contrast(board, 0.5);
  pencil.fill(box(0, 0, 1, 0.48, 0.06), board);
  for (const y of [-0.27, -0.03, 0.21]) {
    for (let x = -0.84; x < 0.9; x += 0.24)
      pencil.fill(box(x, y, 0.085, 0.08), keys);
  }
  pencil.fill(box(0, 0.4, 0.4, 0.05), keys);
};

const lamp: Draw = (pencil, random) => {
  const stand = about(random, 0.09, 0.4, 0.35);
  const shade = about(random, 0.13, 0.4, 0.95);
  const top = random.uniform(0.2, 0.35);
  pencil.fill(stroke(0, -0.2, 0, 0.85, 0.06), stand);
  pencil.fill(ellipse(0, 0.88, 0.4, 0.12), stand);
  pencil.fill(
    polygon([-top, -0.9, top, -0.9, top + 0.35, -0.1, -top - 0.35, -0.1]),
    shade,
  );
  pencil.fill(ellipse(0, -0.1, top + 0.33, 0.1), WHITE);
};

const telephone: Draw = (pencil, random) => {
  const color = anyColor(random);
  const keys = contrast(color, 0.8);
  if (random.chance(0.4)) {
    pencil.fill(box(0, 0, 0.4, 0.9, 0.1), color);
    pencil.fill(box(0, -0.4, 0.28, 0.3), about(random, 0.5, 0.2, 0.8));
    for (const y of [0.15, 0.4, 0.65])
      for (const x of [-0.2, 0, 0.2]) pencil.fill(ellipse(x, y, 0.07), keys);
    return;
  }
  pencil.fill(polygon([-0.5, -0.2, 0.5, -0.2, 0.85, 0.65, -0.85, 0.65]), color);
  pencil.fill(ellipse(0, 0.22, 0.3), keys);
  pencil.fill(ellipse(0, 0.22, 0.12), color);
  pencil.fill(stroke(-0.7, -0.4, 0.7, -0.4, 0.13), mix(color, BLACK, 0.3));
  for (const x of [-0.75, 0.75])
    pencil.fill(ellipse(x, -0.28, 0.22, 0.2), mix(color, BLACK, 0.3));
};

const television: Draw = (pencil, random) => {
  const frame = random.chance(0.5) ? BLACK : about(random, 0.07, 0.4, 0.35);
  const wide = random.uniform(0.8, 1);
  if (random.chance(0.4))
    for (const side of [-1, 1])
      pencil.fill(stroke(0, -0.5, side * 0.4, -1, 0.035), frame);
  pencil.fill(box(0, 0, wide, 0.62, 0.06), frame);
  const screen = about(random, random.uniform(0, 1), 0.4, 0.6);
  pencil.fill(box(-0.05, 0, wide - 0.16, 0.5, 0.05), screen);
  pencil.fill(polygon([-0.6, 0.4, 0.1, -0.4, 0.3, -0.4, -0.4, 0.4]), WHITE, {
    opacity: 0.3,
  });
  pencil.fill(box(0, 0.75, 0.35, 0.08), frame);
};

export const householdElectricalDevices: Family = {
  settings: ["room", "room", "table"],
  turn: 0.1,
  members: { clock, keyboard, lamp, telephone, television },
};

const bed: Draw = (pencil, random) => {
  const wood = about(random, 0.07, 0.55, 0.45);
  const sheet = mix(anyColor(random), WHITE, 0.4);
  pencil.fill(box(-0.9, 0.05, 0.08, random.uniform(0.55, 0.7)), wood);
  pencil.fill(box(0.9, 0.25, 0.07, 0.4), wood);
  pencil.fill(box(0, 0.35, 0.9, 0.13), wood);
  pencil.fill(box(0.02, 0.13, 0.85, 0.16, 0.08), sheet);
  pencil.fill(box(-0.62, -0.06, 0.22, 0.12, 0.08), WHITE);
};

const chair: Draw = (pencil, random) => {
  const wood = about(random, 0.07, 0.55, 0.45);
  const seat = random.chance(0.5) ? wood : anyColor(random);
  const lean = random.uniform(0, 0.15);
  for (const x of [-0.35, 0.35])
    pencil.fill(stroke(x, 0.15, x * 1.1, 0.95, 0.06), wood);
  for (const x of [-0.42, 0.15])
    pencil.fill(stroke(x, 0.1, x - lean, -0.9, 0.055), wood);
  for (const y of [-0.75, -0.45])
    pencil.fill(stroke(-0.42 - lean, y, 0.15 - lean, y, 0.07), wood);
  pencil.fill(box(0, 0.12, 0.48, 0.09), seat);
};

const couch: Draw = (pencil, random) => {
  const color = anyColor(random);
  const dark = mix(color, BLACK, 0.3);
  pencil.fill(box(0, -0.15, 0.85, 0.4, 0.15), color);
  pencil.fill(box(0, 0.28, 0.85, 0.22, 0.05), dark);
  for (const side of [-1, 1]) {
    pencil.fill(box(side * 0.85, 0.15, 0.15, 0.38, 0.12), color);
    pencil.fill(stroke(side * 0.7, 0.5, side * 0.7, 0.65, 0.05), BLACK);
    pencil.fill(
      box(side * 0.36, 0.15, 0.34, 0.1, 0.05),
      mix(color, WHITE, 0.2),
    );
  }
};

const table: Draw = (pencil, random) => {
  const wood = about(random, 0.07, 0.55, 0.5);
  const foot = random.uniform(0.6, 0.9);
  for (const x of [-foot, -foot * 0.6, foot * 0.6, foot])
    pencil.fill(
      stroke(x, -0.1, x, Math.abs(x) === foot ? 0.8 : 0.6, 0.055),
      mix(wood, BLACK, 0.2),
    );
  pencil.fill(polygon([-0.7, -0.35, 0.7, -0.35, 1, -0.02, -1, -0.02]), wood);
  pencil.fill(box(0, 0.03, 1, 0.06), mix(wood, BLACK, 0.3));
};

const wardrobe: Draw = (pencil, random) => {
  const wood = about(random, 0.07, 0.5, 0.5);
  const width = random.uniform(0.5, 0.68);
  const dark = mix(wood, BLACK, 0.55);
  pencil.fill(box(0, 0, width, 0.95), wood);
  pencil.fill(box(0, -0.9, width + 0.07, 0.07), dark);
  pencil.fill(stroke(0, -0.85, 0, 0.92, 0.03), dark);
  for (const side of [-1, 1]) {
    pencil.fill(
      box(side * width * 0.5, -0.3, width * 0.33, 0.4),
      mix(wood, BLACK, 0.2),
    );
    pencil.fill(ellipse(side * 0.09, 0.15, 0.05), dark);
  }
  if (random.chance(0.5))
    pencil.fill(stroke(-width, 0.55, width, 0.55, 0.03), dark);
};

export const householdFurniture: Family = {
  settings: ["room"],
  turn: 0.05,
  members: { bed, chair, couch, table, wardrobe },
};
