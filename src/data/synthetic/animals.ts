/**
 * Draws birds, cats, deer, dogs, frogs and horses.
 *
 * Each animal faces right, centered on the origin, in units of about half its size. The classes
 * differ as real animals do: in ears, antlers, mane, beak, position of the eyes, and coat.
 */
import { stripedCoat, spottedCoat } from "./coat";
import { animalColor, BLACK, contrast, mix, WHITE } from "./color";
import type { Rgb } from "./color";
import type { Draw, Pencil } from "./pencil";
import { ellipse, polygon, stroke } from "./shape";

/**
 * A round body, a small head with a beak, a tail, a wing raised or folded, thin legs if it stands.
 */
export const bird: Draw = (pencil, random) => {
  const color = animalColor(random, random.uniform(0, 1));
  const wing = contrast(color, random.uniform(0.25, 0.6));
  const beak: Rgb = [0.95, random.uniform(0.5, 0.8), 0.15];
  const flying = random.chance(0.4);
  const lift = random.uniform(0.6, 0.95);
  pencil.fill(polygon([-0.35, 0.0, -1, -0.12, -0.95, 0.2]), wing);
  if (!flying) {
    for (const x of [-0.05, 0.15])
      pencil.fill(stroke(x, 0.25, x - 0.05, 0.8, 0.04), beak);
  }
  pencil.fill(ellipse(0, 0.08, 0.5, random.uniform(0.28, 0.36)), color);
  pencil.fill(ellipse(0.5, -0.22, 0.24), color);
  pencil.fill(polygon([0.68, -0.32, 1.05, -0.18, 0.68, -0.1]), beak);
  pencil.fill(ellipse(0.56, -0.27, 0.06), BLACK);
  if (flying) {
    pencil.fill(
      polygon([0.2, 0.05, -0.2, -lift, -0.55, -lift, -0.3, 0.1]),
      wing,
    );
  } else {
    pencil.fill(polygon([0.2, -0.05, -0.75, 0.12, -0.1, 0.3]), wing);
  }
};

/** Pointed ears, eyes with slits, whiskers, a striped coat; the face alone or the whole animal. */
export const cat: Draw = (pencil, random) => {
  const color = animalColor(random, 0.09);
  const stripes = stripedCoat(random);
  const inner: Rgb = [0.85, 0.55, 0.55];
  const iris: Rgb = [random.uniform(0.6, 0.95), 0.85, 0.25];
  if (random.chance(0.5)) {
    for (const side of [-1, 1]) {
      pencil.fill(
        polygon([side * 0.66, -0.2, side * 0.62, -0.95, side * 0.1, -0.45]),
        color,
      );
      pencil.fill(
        polygon([side * 0.55, -0.4, side * 0.54, -0.75, side * 0.28, -0.5]),
        inner,
      );
    }
    pencil.fill(ellipse(0, 0.08, 0.75, 0.65), color, { shade: stripes });
    for (const side of [-1, 1]) {
      pencil.fill(ellipse(side * 0.32, -0.05, 0.17, 0.14), iris);
      pencil.fill(ellipse(side * 0.32, -0.05, 0.05, 0.14), BLACK);
      pencil.fill(stroke(side * 0.2, 0.35, side * 1, 0.25, 0.025), WHITE);
      pencil.fill(stroke(side * 0.2, 0.42, side * 0.95, 0.5, 0.025), WHITE);
    }
    pencil.fill(polygon([-0.12, 0.2, 0.12, 0.2, 0, 0.36]), inner);
    return;
  }
  pencil.fill(stroke(-0.55, 0.1, -0.95, -0.35, 0.1), color);
  pencil.fill(stroke(-0.95, -0.35, -0.75, -0.75, 0.09), color);
  legs(pencil, [-0.5, -0.3, 0.25, 0.42], 0.25, 0.75, 0.09, color);
  pencil.fill(ellipse(-0.05, 0.15, 0.62, 0.32), color, { shade: stripes });
  pencil.fill(polygon([0.36, -0.3, 0.38, -0.82, 0.62, -0.45]), color);
  pencil.fill(polygon([0.7, -0.45, 0.92, -0.82, 0.95, -0.3]), color);
  pencil.fill(ellipse(0.65, -0.22, 0.34, 0.3), color);
  for (const x of [0.54, 0.8]) pencil.fill(ellipse(x, -0.25, 0.07), iris);
  for (const x of [0.54, 0.8])
    pencil.fill(ellipse(x, -0.25, 0.03, 0.06), BLACK);
};

/**
 * Hanging ears, round dark eyes, a pale snout with a dark nose, a coat in patches; the face or the
 * whole animal.
 */
export const dog: Draw = (pencil, random) => {
  const color = animalColor(random, 0.1);
  const ears = contrast(color, random.uniform(0.3, 0.6));
  const snout = mix(color, WHITE, random.uniform(0.3, 0.7));
  if (random.chance(0.5)) {
    pencil.fill(ellipse(0, 0, 0.65, 0.68), color);
    for (const side of [-1, 1]) {
      pencil.fill(
        stroke(side * 0.55, -0.5, side * 0.78, 0.25, 0.14, 0.22),
        ears,
      );
      pencil.fill(ellipse(side * 0.27, -0.15, 0.1), BLACK);
    }
    pencil.fill(ellipse(0, 0.35, 0.36, 0.32), snout);
    pencil.fill(ellipse(0, 0.2, 0.16, 0.12), BLACK);
    if (random.chance(0.5))
      pencil.fill(ellipse(0, 0.65, 0.12, 0.18), [0.9, 0.4, 0.45]);
    return;
  }
  pencil.fill(stroke(-0.6, 0, -0.95, -0.4, 0.09, 0.05), color);
  legs(pencil, [-0.52, -0.32, 0.25, 0.42], 0.2, 0.85, 0.1, color);
  pencil.fill(ellipse(-0.08, 0.1, 0.62, 0.3), color);
  pencil.fill(ellipse(random.uniform(-0.4, 0.1), 0.05, 0.22, 0.18), ears);
  pencil.fill(ellipse(0.55, -0.25, 0.3), color);
  pencil.fill(stroke(0.65, -0.15, 0.98, -0.1, 0.15, 0.12), snout);
  pencil.fill(ellipse(1.05, -0.15, 0.08), BLACK);
  pencil.fill(ellipse(0.65, -0.32, 0.06), BLACK);
  pencil.fill(stroke(0.4, -0.42, 0.32, -0.02, 0.1, 0.15), ears);
};

/** Slender, on long thin legs, with antlers and a spotted coat. */
export const deer: Draw = (pencil, random) => {
  const color = animalColor(random, 0.07);
  const horn = contrast(color, random.uniform(0.4, 0.7));
  const spots = spottedCoat(random, 1.6);
  const head = random.uniform(0.5, 0.65);
  legs(pencil, [-0.5, -0.35, 0.2, 0.35], 0.15, 1, 0.05, color);
  pencil.fill(stroke(-0.6, -0.05, -0.72, 0.1, 0.07), WHITE);
  pencil.fill(stroke(0.3, 0, head, -0.4, 0.14, 0.1), color);
  pencil.fill(ellipse(-0.08, 0.08, 0.55, 0.24), color, { shade: spots });
  pencil.fill(stroke(head, -0.45, head + 0.28, -0.35, 0.13, 0.07), color);
  pencil.fill(ellipse(head + 0.02, -0.47, 0.04), BLACK);
  for (const side of [-1, 1]) {
    const tip = head + side * random.uniform(0.25, 0.4);
    pencil.fill(stroke(head - 0.05, -0.55, tip, -0.8, 0.045), horn);
    pencil.fill(stroke(tip, -0.8, tip - 0.02, -1.05, 0.04), horn);
    pencil.fill(
      stroke((head + tip) / 2, -0.68, (head + tip) / 2, -0.98, 0.035),
      horn,
    );
  }
};

/** Strong, with a long neck and head, a mane along the neck and a hanging tail. */
export const horse: Draw = (pencil, random) => {
  const color = animalColor(random, 0.05);
  const hair = contrast(color, random.uniform(0.35, 0.7));
  const head = random.uniform(0.6, 0.75);
  legs(pencil, [-0.52, -0.34, 0.22, 0.4], 0.2, 0.95, 0.08, color);
  pencil.fill(stroke(-0.6, -0.05, -0.85, 0.55, 0.08, 0.13), hair);
  pencil.fill(stroke(0.35, 0, head, -0.6, 0.24, 0.15), color);
  pencil.fill(stroke(0.18, -0.15, head - 0.12, -0.78, 0.1, 0.07), hair);
  pencil.fill(ellipse(-0.08, 0.08, 0.6, 0.3), color);
  pencil.fill(stroke(head, -0.65, head + 0.3, -0.25, 0.15, 0.1), color);
  pencil.fill(
    polygon([head - 0.1, -0.7, head - 0.02, -0.98, head + 0.08, -0.72]),
    color,
  );
  pencil.fill(ellipse(head + 0.05, -0.62, 0.045), BLACK);
};

/** A wide, low body with eyes on top, a broad mouth, bent legs and a warty skin. */
export const frog: Draw = (pencil, random) => {
  const color = animalColor(random, 0.27);
  const warts = spottedCoat(random, random.uniform(0.4, 0.65));
  const dark = mix(color, BLACK, 0.6);
  const belly = mix(color, WHITE, random.uniform(0.2, 0.6));
  for (const side of [-1, 1]) {
    pencil.fill(ellipse(side * 0.72, 0.3, 0.3, 0.24), color, { shade: warts });
    pencil.fill(stroke(side * 0.6, 0.52, side * 1, 0.58, 0.08), dark);
  }
  pencil.fill(ellipse(0, 0.12, 0.78, 0.45), color, { shade: warts });
  pencil.fill(ellipse(0, 0.38, 0.45, 0.2), belly);
  for (const side of [-1, 1]) {
    pencil.fill(ellipse(side * 0.4, -0.34, 0.23), color);
    pencil.fill(ellipse(side * 0.42, -0.36, 0.15), [0.95, 0.9, 0.5]);
    pencil.fill(ellipse(side * 0.42, -0.36, 0.11, 0.05), BLACK);
  }
  pencil.fill(stroke(-0.5, 0.12, 0.5, 0.12, 0.035), dark);
};

/** Four legs from `top` to `bottom`, the two at the far side darker. */
function legs(
  pencil: Pencil,
  places: readonly number[],
  top: number,
  bottom: number,
  radius: number,
  color: Rgb,
): void {
  places.forEach((x, index) => {
    const shaded = index % 2 === 0 ? color : mix(color, BLACK, 0.3);
    pencil.fill(stroke(x, top, x, bottom, radius, radius * 0.8), shaded);
  });
}
