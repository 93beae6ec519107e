/**
 * Draws the two families of vehicles, facing right.
 */
import { anyColor, BLACK, mix, WHITE } from "../color";
import type { Draw, Pencil } from "../pencil";
import { box, ellipse, polygon, stroke } from "../shape";
import { about, type Family } from "./family";

const GLASS = [0.2, 0.28, 0.35] as const;

function wheel(pencil: Pencil, x: number, y: number, radius: number): void {
  pencil.fill(ellipse(x, y, radius), BLACK);
  pencil.fill(ellipse(x, y, radius * 0.45), [0.6, 0.6, 0.6]);
}

function spokedWheel(pencil: Pencil, x: number, y: number): void {
  const places = [
    1, 0, 0.7, 0.7, 0, 1, -0.7, 0.7, -1, 0, -0.7, -0.7, 0, -1, 0.7, -0.7,
  ];
  for (let index = 0; index < places.length; index += 2) {
    const next = (index + 2) % places.length;
    pencil.fill(
      stroke(
        ...([
          x + places[index]! * 0.38,
          y + places[index + 1]! * 0.38,
        ] as const),
        ...([x + places[next]! * 0.38, y + places[next + 1]! * 0.38] as const),
        0.055,
      ),
      BLACK,
    );
  }
}

const bicycle: Draw = (pencil, random) => {
  const frame = anyColor(random);
  for (const x of [-0.55, 0.55]) spokedWheel(pencil, x, 0.35);
  for (const [x1, y1, x2, y2] of [
    ...([
      [-0.55, 0.35, -0.2, -0.2],
      [-0.2, -0.2, 0.4, -0.25],
    ] as const),
    ...([
      [0.4, -0.25, 0.55, 0.35],
      [-0.55, 0.35, 0.05, 0.35],
      [0.05, 0.35, 0.4, -0.25],
    ] as const),
  ])
    pencil.fill(stroke(x1, y1, x2, y2, 0.05), frame);
  pencil.fill(stroke(-0.32, -0.32, -0.05, -0.32, 0.06), BLACK);
  pencil.fill(stroke(0.4, -0.25, 0.35, -0.5, 0.04), frame);
  pencil.fill(
    stroke(0.35, -0.5, 0.6, random.uniform(-0.6, -0.45), 0.04),
    BLACK,
  );
};

const bus: Draw = (pencil, random) => {
  const color = about(random, random.pick([0.0, 0.13, 0.6]), 0.7, 0.8);
  pencil.fill(box(0, -0.1, 1, 0.55, 0.1), color);
  for (let x = -0.75; x < 0.9; x += 0.38)
    pencil.fill(box(x, -0.3, 0.15, 0.17), GLASS);
  pencil.fill(stroke(-0.95, 0.1, 0.95, 0.1, 0.05), mix(color, WHITE, 0.6));
  for (const x of [-0.6, 0.6]) wheel(pencil, x, 0.45, 0.2);
};

const motorcycle: Draw = (pencil, random) => {
  const color = anyColor(random);
  for (const x of [-0.6, 0.6]) {
    pencil.fill(ellipse(x, 0.35, 0.36), BLACK);
    pencil.fill(ellipse(x, 0.35, 0.2), [0.55, 0.55, 0.55]);
  }
  pencil.fill(ellipse(0, 0.25, 0.35, 0.27), [0.4, 0.4, 0.42]);
  pencil.fill(ellipse(0.12, -0.12, 0.35, 0.2), color);
  pencil.fill(stroke(-0.7, -0.12, -0.1, -0.08, 0.11), BLACK);
  pencil.fill(stroke(0.6, 0.35, 0.38, -0.5, 0.06), [0.6, 0.6, 0.6]);
  pencil.fill(
    stroke(0.38, -0.5, 0.15, random.uniform(-0.65, -0.5), 0.045),
    BLACK,
  );
};

const pickupTruck: Draw = (pencil, random) => {
  const color = anyColor(random);
  pencil.fill(box(0, 0.15, 1, 0.25, 0.06), color);
  pencil.fill(
    polygon([-0.05, -0.05, 0.02, -0.5, 0.42, -0.5, 0.6, -0.05]),
    color,
  );
  pencil.fill(polygon([0.05, -0.08, 0.1, -0.4, 0.38, -0.4, 0.5, -0.08]), GLASS);
  pencil.fill(stroke(-0.95, -0.08, -0.1, -0.08, 0.05), mix(color, BLACK, 0.5));
  const spread = random.uniform(0.55, 0.65);
  for (const x of [-spread, spread]) wheel(pencil, x, 0.42, 0.23);
};

const train: Draw = (pencil, random) => {
  const color = about(random, random.pick([0.0, 0.35, 0.6]), 0.6, 0.45);
  pencil.fill(box(-0.6, -0.2, 0.4, 0.55), color);
  pencil.fill(box(-0.6, -0.4, 0.22, 0.17), GLASS);
  pencil.fill(box(0.3, 0, 0.65, 0.32, 0.15), mix(color, BLACK, 0.3));
  pencil.fill(box(0.6, -0.5, 0.1, 0.25), BLACK);
  for (const x of [-0.75, -0.35, 0.05, 0.4, 0.72]) wheel(pencil, x, 0.45, 0.17);
  pencil.fill(stroke(-1.3, 0.66, 1.3, 0.66, 0.04), [0.4, 0.38, 0.36]);
  if (random.chance(0.6))
    pencil.fill(ellipse(0.4, -0.9, 0.3, 0.15), WHITE, { opacity: 0.7 });
};

export const vehicles1: Family = {
  settings: ["road", "road", "meadow"],
  turn: 0.06,
  members: { bicycle, bus, motorcycle, pickup_truck: pickupTruck, train },
};

const lawnMower: Draw = (pencil, random) => {
  const color = about(random, random.pick([0.0, 0.33, 0.1]), 0.75, 0.7);
  pencil.fill(stroke(-0.2, 0.2, -0.9, -0.7, 0.05), BLACK);
  pencil.fill(
    stroke(-0.9, -0.7, -1.1, random.uniform(-0.75, -0.6), 0.06),
    BLACK,
  );
  pencil.fill(box(0.2, 0.2, 0.6, 0.2, 0.08), color);
  pencil.fill(box(0.25, -0.1, 0.25, 0.17, 0.05), [0.3, 0.3, 0.3]);
  for (const x of [-0.2, 0.65]) wheel(pencil, x, 0.45, 0.2);
};

const rocket: Draw = (pencil, random) => {
  const hull = mix(anyColor(random), WHITE, 0.6);
  const fins = anyColor(random);
  if (random.chance(0.6))
    pencil.fill(
      polygon([-0.2, 0.7, 0.2, 0.7, 0, random.uniform(1.1, 1.4)]),
      [0.98, 0.7, 0.15],
    );
  for (const side of [-1, 1])
    pencil.fill(
      polygon([side * 0.15, 0.2, side * 0.5, 0.8, side * 0.15, 0.7]),
      fins,
    );
  pencil.fill(box(0, 0.05, 0.22, 0.65), hull);
  pencil.fill(polygon([-0.22, -0.55, 0, -1.1, 0.22, -0.55]), fins);
  pencil.fill(ellipse(0, -0.2, 0.11), GLASS);
};

const streetcar: Draw = (pencil, random) => {
  const color = about(random, random.pick([0.0, 0.14, 0.35]), 0.65, 0.75);
  pencil.fill(stroke(-0.1, -0.55, 0.2, -0.95, 0.035), BLACK);
  pencil.fill(stroke(-1.3, -0.97, 1.3, -0.97, 0.025), BLACK);
  pencil.fill(box(0, -0.05, 0.9, 0.5, 0.12), mix(color, WHITE, 0.7));
  pencil.fill(box(0, 0.22, 0.9, 0.22), color);
  for (const x of [-0.65, -0.22, 0.22, 0.65])
    pencil.fill(box(x, -0.25, 0.16, 0.2), GLASS);
  for (const x of [-0.45, 0.45]) wheel(pencil, x, 0.5, 0.13);
};

const tank: Draw = (pencil, random) => {
  const paint = about(random, 0.2, 0.35, 0.35);
  pencil.fill(
    stroke(0.2, -0.25, 1.15, random.uniform(-0.5, -0.2), 0.06),
    paint,
  );
  pencil.fill(box(-0.05, -0.22, 0.4, 0.2, 0.1), paint);
  pencil.fill(
    polygon([-0.9, 0.05, 0.85, 0.05, 1, 0.3, -1, 0.3]),
    mix(paint, BLACK, 0.2),
  );
  pencil.fill(stroke(-0.75, 0.4, 0.75, 0.4, 0.2), BLACK);
  for (let x = -0.7; x <= 0.75; x += 0.35)
    pencil.fill(ellipse(x, 0.4, 0.12), paint);
};

const tractor: Draw = (pencil, random) => {
  const color = about(random, random.pick([0.0, 0.33, 0.33]), 0.75, 0.6);
  pencil.fill(box(0.35, 0, 0.5, 0.22, 0.06), color);
  pencil.fill(box(-0.35, -0.45, 0.3, 0.4, 0.05), color);
  pencil.fill(box(-0.35, -0.5, 0.2, 0.25), GLASS);
  pencil.fill(stroke(0.6, -0.2, 0.6, -0.55, 0.05), BLACK);
  wheel(pencil, -0.45, 0.3, random.uniform(0.4, 0.48));
  wheel(pencil, 0.6, 0.5, 0.22);
};

export const vehicles2: Family = {
  settings: ["meadow", "road", "savanna"],
  turn: 0.1,
  members: { lawn_mower: lawnMower, rocket, streetcar, tank, tractor },
};
