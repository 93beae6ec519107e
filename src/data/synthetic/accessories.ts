/**
 * Draws sandals, sneakers, bags and ankle boots.
 *
 * Shoes point to the left and stand at about y = 0.5.
 */
import type { Tailor } from "./cloth";
import { box, ellipse, polygon, stroke } from "./shape";

/** A sole, thin straps with gaps between them, sometimes a heel. */
export const sandal: Tailor = (cloth) => {
  const { random } = cloth;
  const heel = random.chance(0.45) ? random.uniform(0.25, 0.6) : 0;
  const thick = random.uniform(0.05, 0.13);
  const ground = 0.5;
  const arch = ground - heel;
  const bar = random.uniform(0.04, 0.08);
  const straps = 2 + random.integer(3);
  for (let strap = 0; strap < straps; strap++) {
    const x = -0.65 + (strap / straps) * 1.2 + random.uniform(-0.08, 0.08);
    const y = ground - 0.1 - (heel * (x + 0.9)) / 1.9;
    const rise = random.uniform(0.2, 0.35) + Math.max(x, 0) * 0.3;
    const lean = random.uniform(-0.1, 0.35);
    cloth.cut(stroke(x, y, x + lean, y - rise, bar));
    cloth.cut(stroke(x + lean, y - rise, x + lean + 0.25, y + 0.05, bar));
  }
  if (random.chance(0.6)) {
    const y = arch - random.uniform(0.45, 0.65);
    cloth.cut(stroke(0.85, arch, 0.82, y, bar));
    cloth.cut(stroke(0.82, y, 0.4, y + 0.08, bar));
  }
  const sole = random.uniform(0.6, 1.3);
  cloth.cut(stroke(-0.9, ground - thick, -0.35, ground - thick, thick), sole);
  cloth.cut(stroke(-0.35, ground - thick, 0.85, arch - thick, thick), sole);
  if (heel > 0) {
    const wide = random.uniform(0.06, 0.2);
    const back = [0.92, arch, 0.88, ground, 0.88 - wide, ground];
    cloth.cut(polygon([...back, 0.75 - wide, arch]), sole);
  } else if (random.chance(0.5)) {
    cloth.cut(box(0, ground, 0.9, 0.06), sole * 0.8);
  }
};

/** A low shoe: a thick sole, laces over the instep, often a stripe on its side. */
export const sneaker: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.15);
  const ground = random.uniform(0.35, 0.5);
  const high = random.chance(0.12)
    ? random.uniform(0.2, 0.4)
    : random.uniform(0, 0.12);
  const collar = ground - 0.62 - high;
  const toe = random.uniform(0.16, 0.3);
  const opening = random.uniform(0.2, 0.4);
  cloth.cut(
    polygon([
      ...[-0.95, ground, -0.97, ground - toe * 0.6, -0.75, ground - toe],
      ...[-0.4, ground - toe - 0.06, opening - 0.1, collar + 0.08],
      ...[0.55, collar + 0.12, 0.9, collar, 0.97, ground],
    ]),
  );
  const sole = random.chance(0.65)
    ? random.uniform(0.75, 1)
    : random.uniform(0, 0.4);
  const thick = random.uniform(0.05, 0.11);
  cloth.add(box(0, ground, 0.96, thick, 0.04), sole);
  const lace =
    cloth.gray > 0.5 ? random.uniform(0, 0.5) : random.uniform(0.7, 1);
  for (let count = 2 + random.integer(3); count > 0; count--) {
    const x = -0.45 + count * 0.14;
    const y = ground - toe - 0.04 - count * 0.06;
    cloth.add(stroke(x, y, x + 0.1, y + 0.12, 0.03), lace);
  }
  if (random.chance(0.55)) {
    const x = random.uniform(-0.1, 0.3);
    const stripe = stroke(
      x,
      ground - 0.1,
      x + random.uniform(-0.2, 0.4),
      collar + 0.25,
      0.06,
    );
    cloth.add(stripe, lace, random.uniform(0.5, 1));
  }
  if (random.chance(0.4)) cloth.seam(-0.55, ground - 0.1, -0.5, ground - toe);
};

/** A shaft above the ankle, a heel, a seam or a zip. */
export const boot: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.12);
  const ground = random.uniform(0.75, 0.9);
  const top = random.chance(0.2)
    ? random.uniform(-0.15, 0.1)
    : random.uniform(-0.9, -0.45);
  const toe = random.uniform(0.18, 0.32);
  const back = random.uniform(0.7, 0.9);
  const shaft = random.uniform(-0.05, 0.2);
  const heel = random.uniform(0.05, 0.3);
  const arch = ground - heel;
  cloth.cut(
    polygon([
      ...[-0.95, ground - 0.03, -0.93, ground - toe, -0.5, ground - toe - 0.12],
      ...[shaft, ground - 0.6, shaft + random.uniform(-0.08, 0.08), top],
      ...[back, top + random.uniform(-0.08, 0.08), back, arch, -0.1, arch],
      ...[-0.4, ground],
    ]),
  );
  const wide = random.uniform(0.12, 0.45);
  cloth.cut(
    polygon([
      back,
      arch,
      back - 0.03,
      ground,
      back - wide,
      ground,
      back - wide - 0.05,
      arch,
    ]),
    0.7,
  );
  const sole = random.chance(0.3) ? random.uniform(0.7, 1) : cloth.gray * 0.5;
  cloth.add(stroke(-0.9, ground, -0.4, ground, 0.05), sole);
  if (random.chance(0.5))
    cloth.seam(shaft + 0.05, ground - 0.55, back, ground - 0.5);
  if (random.chance(0.4))
    cloth.seam(
      (shaft + back) / 2,
      top,
      (shaft + back) / 2 - 0.05,
      ground - 0.3,
    );
  if (random.chance(0.35)) {
    for (let y = ground - 0.45; y > top + 0.1; y -= 0.16)
      cloth.seam(shaft - 0.05, y, shaft + 0.15, y + 0.04, 0.8, 0.03);
  }
  cloth.folds(0.3, -0.2, ground - 0.3);
};

/** A box with a handle or a strap, a flap, a clasp. */
export const bag: Tailor = (cloth) => {
  const { random } = cloth;
  cloth.pattern(0.3);
  const width = random.uniform(0.6, 0.95);
  const top = random.uniform(-0.4, 0);
  const bottom = random.uniform(0.55, 0.92);
  const narrow = random.uniform(0.75, 1.1);
  const handle = random.uniform(0.3, 0.75) * width;
  const rise = Math.max(top - random.uniform(0.2, 0.75), -0.97);
  const strap = random.uniform(0.03, 0.06);
  if (random.chance(0.88)) {
    const shoulder = handle * random.uniform(0.4, 1);
    cloth.cut(stroke(-handle, top, -shoulder, rise, strap), 0.8);
    cloth.cut(stroke(-shoulder, rise, shoulder, rise, strap), 0.8);
    cloth.cut(stroke(shoulder, rise, handle, top, strap), 0.8);
  }
  cloth.cut(
    polygon([
      ...[-width * narrow, top, width * narrow, top],
      ...[width, bottom - 0.1, width * 0.93, bottom],
      ...[-width * 0.93, bottom, -width, bottom - 0.1],
    ]),
  );
  const middle = top + (bottom - top) * random.uniform(0.3, 0.6);
  if (random.chance(0.5)) cloth.seam(-width, middle, width, middle, 0.7, 0.03);
  if (random.chance(0.4))
    cloth.add(ellipse(0, middle, 0.09, 0.07), random.chance(0.5) ? 0.95 : 0.1);
  if (random.chance(0.3)) {
    for (const side of [-1, 1])
      cloth.seam(
        side * width * 0.6,
        top,
        side * width * 0.6,
        bottom,
        0.6,
        0.03,
      );
  }
  cloth.folds(width * 0.7, top, bottom);
};
