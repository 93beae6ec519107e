/**
 * Draws T-shirts, trousers, pullovers, dresses, coats and shirts.
 *
 * Five of the six consist of a body with or without sleeves. They differ in the probability of
 * their features, not in the features themselves.
 */
import { mirrored } from "./cloth";
import type { Cloth, Tailor } from "./cloth";
import { box, ellipse, polygon } from "./shape";

/** How far a sleeve goes down the arm: 0 none, 1 to the wrist. */
type Sleeve = number;

interface Body {
  readonly shoulder: number;
  readonly waist: number;
  readonly hem: number;
  readonly top: number;
  readonly bottom: number;
  readonly sleeve: Sleeve;
}

export const tShirt: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.3);
  const body = garment(cloth, {
    bottom: random.uniform(0.65, 0.95),
    sleeve: oneOf(cloth, [0, 0.15], [0.35, 0.75], [0.9, 0.1]),
  });
  neckline(cloth, body);
  if (random.chance(0.4)) print(cloth);
  cloth.folds(body.waist * 0.8, -0.2, body.bottom);
};

export const pullover: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.35);
  const body = garment(cloth, {
    bottom: random.uniform(0.65, 0.98),
    sleeve: oneOf(cloth, [1, 0.95], [0.6, 0.05]),
  });
  if (random.chance(0.25)) hood(cloth, body);
  else neckline(cloth, body);
  if (random.chance(0.6)) ribs(cloth, body);
  if (random.chance(0.06)) front(cloth, body, 0);
  if (random.chance(0.2)) print(cloth);
  cloth.folds(body.waist * 0.8, -0.2, body.bottom);
};

export const coat: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.15);
  const body = garment(cloth, {
    bottom: random.uniform(0.82, 1),
    sleeve: oneOf(cloth, [1, 0.97], [0.6, 0.03]),
  });
  if (random.chance(0.25)) hood(cloth, body);
  else if (random.chance(0.75)) collar(cloth, body, random.uniform(0.3, 0.6));
  if (random.chance(0.92)) front(cloth, body, random.integer(5));
  for (const side of [-1, 1]) {
    if (!random.chance(0.6)) continue;
    cloth.seam(side * 0.18, 0.35, side * 0.36, random.uniform(0.3, 0.42));
  }
  if (random.chance(0.2)) cloth.seam(-body.waist, 0.15, body.waist, 0.15);
  cloth.folds(body.waist * 0.8, -0.2, body.bottom);
};

export const shirt: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.55);
  const body = garment(cloth, {
    bottom: random.uniform(0.68, 0.98),
    sleeve: oneOf(cloth, [1, 0.58], [0.38, 0.32], [0, 0.1]),
  });
  if (random.chance(0.7)) collar(cloth, body, random.uniform(0.15, 0.3));
  else neckline(cloth, body);
  if (random.chance(0.65)) front(cloth, body, 4 + random.integer(3));
  if (random.chance(0.3))
    cloth.add(box(0.24, -0.25, 0.1, 0.1), cloth.gray * 0.7, 0.7);
  cloth.folds(body.waist * 0.8, -0.2, body.bottom);
};

export const dress: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.4);
  const shoulder = random.uniform(0.26, 0.36);
  const waist = random.uniform(0.22, 0.32);
  const body = garment(cloth, {
    shoulder,
    waist,
    hem: waist + random.uniform(0, 0.4),
    bottom: random.uniform(0.92, 1),
    sleeve: oneOf(cloth, [0, 0.6], [0.3, 0.22], [1, 0.18]),
  });
  neckline(cloth, body);
  if (random.chance(0.4)) cloth.seam(-waist, -0.05, waist, -0.05, 0.8, 0.05);
  cloth.folds(body.hem * 0.7, 0, body.bottom);
};

export const trouser: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.15);
  const hip = random.uniform(0.32, 0.45);
  const gap = random.uniform(0.02, 0.14);
  const foot = gap + random.uniform(0.16, 0.32);
  const fork = random.uniform(-0.5, -0.25);
  const bottom = random.chance(0.1)
    ? random.uniform(0.1, 0.6)
    : random.uniform(0.9, 1);
  const out = random.uniform(-0.05, 0.15);
  for (const side of [-1, 1]) {
    cloth.cut(
      polygon([
        ...[0, -0.95, side * hip * 0.9, -0.95, side * hip, -0.5],
        ...[side * (foot + out), bottom, side * (gap + out), bottom],
        ...[side * 0.02, fork],
      ]),
      side < 0 ? random.uniform(0.85, 1) : 1,
    );
  }
  cloth.seam(-hip * 0.85, -0.85, hip * 0.85, -0.85, 0.5);
  cloth.folds(hip * 0.6, -0.4, bottom);
};

/** One of some values, each with its probability; the probabilities add up to 1. */
function oneOf(
  { random }: Cloth,
  ...choices: readonly (readonly [number, number])[]
): number {
  let left = random.uniform(0, 1);
  for (const [value, probability] of choices) {
    left -= probability;
    if (left < 0) return value;
  }
  return choices[0]![0];
}

/** Cuts body and sleeves. Dimensions that are not given are random. */
function garment(cloth: Cloth, given: Partial<Body>): Body {
  const { random } = cloth;
  const shoulder = given.shoulder ?? random.uniform(0.42, 0.56);
  const waist = given.waist ?? shoulder * random.uniform(0.82, 1.02);
  const body: Body = {
    shoulder,
    waist,
    hem: waist * random.uniform(0.95, 1.2),
    top: random.uniform(-0.95, -0.85),
    bottom: 0.9,
    sleeve: 0,
    ...given,
  };
  if (body.sleeve > 0) sleeves(cloth, body);
  const armhole = body.sleeve > 0 ? 1 : random.uniform(0.7, 0.9);
  const { top, bottom, hem } = body;
  cloth.cut(
    mirrored([
      ...[0.16, top, shoulder * armhole, top + 0.12],
      ...[shoulder * 0.92, -0.45, waist, 0.05, hem, bottom],
    ]),
  );
  return body;
}

function sleeves(cloth: Cloth, { shoulder, top, sleeve }: Body): void {
  const { random } = cloth;
  const length = sleeve * random.uniform(0.9, 1.1);
  // A short sleeve stands off, a long one hangs beside the body.
  const spread = (0.5 - 0.28 * sleeve) * random.uniform(0.8, 1.25);
  const outX = shoulder + spread * Math.min(length * 1.5, 1) + 0.04;
  const endY = top + 0.3 + length * 1.3;
  const cuff = 0.26 - 0.1 * sleeve;
  const shade = random.chance(0.15)
    ? random.uniform(0.5, 1.4)
    : random.uniform(0.82, 1);
  for (const side of [-1, 1]) {
    cloth.cut(
      polygon([
        ...[
          side * shoulder * 0.75,
          top + 0.06,
          side * (shoulder + 0.05),
          top + 0.14,
        ],
        ...[side * outX, endY - 0.08, side * (outX - cuff), endY],
        ...[side * shoulder * 0.85, -0.25],
      ]),
      shade,
    );
    // The body hides the inner edge of the sleeve.
    cloth.seam(
      side * shoulder * 0.95,
      -0.55,
      side * shoulder * 0.9,
      endY * 0.6,
      0.35,
    );
  }
}

/** Round or pointed, shallow or deep. */
function neckline(cloth: Cloth, { top }: Body): void {
  const { random } = cloth;
  const width = random.uniform(0.14, 0.24);
  const depth = random.uniform(0.08, 0.32);
  cloth.add(
    random.chance(0.65)
      ? ellipse(0, top, width, depth)
      : polygon([-width, top - 0.02, width, top - 0.02, 0, top + depth]),
    random.chance(0.5) ? 0 : cloth.gray * 0.4,
  );
}

/** Two points that fold over, `depth` long. */
function collar(cloth: Cloth, { top }: Body, depth: number): void {
  cloth.add(
    polygon([-0.13, top, 0.13, top, 0, top + depth * 0.8]),
    cloth.gray * 0.35,
  );
  const gray = Math.min(cloth.gray * cloth.random.uniform(0.75, 1.35), 1);
  for (const side of [-1, 1]) {
    cloth.add(
      polygon([
        ...[side * 0.12, top - 0.06, side * 0.25, top + 0.05],
        ...[side * 0.12, top + depth, side * 0.02, top + depth * 0.8],
      ]),
      gray,
    );
  }
}

/** Where it opens: a line down the middle, and buttons on it. */
function front(cloth: Cloth, { top, bottom }: Body, buttons: number): void {
  const { random } = cloth;
  const from = top + 0.25;
  const lean = random.uniform(-0.04, 0.04);
  cloth.seam(lean, from, lean, bottom, random.uniform(0.4, 0.9), 0.03);
  const gray = cloth.gray > 0.5 ? 0.1 : 0.95;
  for (let button = 0; button < buttons; button++) {
    const y = from + ((button + 0.5) / buttons) * (bottom - from);
    cloth.add(ellipse(lean + 0.06, y, 0.045), gray, 0.8);
  }
}

function hood(cloth: Cloth, { top }: Body): void {
  cloth.cut(ellipse(0, top + 0.02, 0.27, 0.17), 0.85);
  cloth.add(ellipse(0, top + 0.04, 0.15, 0.08), cloth.gray * 0.4);
}

/** The knitted band at the hem. */
function ribs(cloth: Cloth, { hem, bottom }: Body): void {
  cloth.seam(-hem, bottom - 0.12, hem, bottom - 0.12, 0.5);
}

function print(cloth: Cloth): void {
  const { random } = cloth;
  const gray =
    cloth.gray > 0.5 ? random.uniform(0, 0.4) : random.uniform(0.6, 1);
  const [width, height] = [
    random.uniform(0.1, 0.28),
    random.uniform(0.06, 0.28),
  ];
  const y = random.uniform(-0.35, 0.1);
  cloth.add(
    random.chance(0.5)
      ? box(0, y, width, height)
      : ellipse(0, y, width, height),
    gray,
    random.uniform(0.5, 1),
  );
}
