/**
 * Draws recipes on a canvas, each time a little differently.
 */
import type { Canvas } from "./canvas";
import { anyColour, BLACK, contrast, hsv, mix, WHITE } from "./colour";
import type { Rgb } from "./colour";
import type { Random } from "./random";
import type { Part, Recipe, Tone } from "./recipe";
import { ellipse, polygon, smooth, stroke } from "./shape";
import type { Points, Shape } from "./shape";
import { texture } from "./texture";

type Range = readonly [least: number, greatest: number];

/** How far drawings of a class differ. */
export interface Freedom {
  /** Pixels to one unit of a recipe, down, and width in relation to height. */
  readonly scale: Range;
  readonly stretch: Range;
  /** Largest distance from the middle of the canvas along each axis, in pixels. */
  readonly margin: number;
  /** How often a drawing is mirrored. */
  readonly mirrored: number;
  /** Largest displacement of a point along each axis. */
  readonly jitter: number;
  /** How strongly the whole drawing is bent, and how far it leans to the right. */
  readonly bend: number;
  readonly slant: Range;
  /** Thickness of strokes and size of ellipses. */
  readonly weight: Range;
  /** Largest difference from the recipe's saturation and value. */
  readonly spread: number;
  /** How often the colour has nothing to do with the recipe's. */
  readonly surprise: number;
}

/** Draws a recipe upon whatever is on the canvas. */
export function drawRecipe(
  canvas: Canvas,
  recipe: Recipe,
  random: Random,
  freedom: Freedom,
): void {
  const frame = place(canvas.size, recipe.turn, random, freedom);
  const tone = random.chance(freedom.surprise) ? "any" : recipe.tone;
  const main = near(random, tone, freedom.spread);
  const other = anyColour(random);
  const grain = texture(random, recipe.texture);
  const bend = bending(random, freedom);
  const weight = random.uniform(...freedom.weight);
  // Light falls from above.
  const light = (_x: number, y: number): number => 1.05 - 0.2 * y;
  const textured = (x: number, y: number): number =>
    (1.05 - 0.2 * y) * grain(x, y);
  for (const alternatives of recipe.steps) {
    let left = random.uniform(0, 1);
    const chosen = alternatives.find(
      ({ probability }) => (left -= probability) < 0,
    );
    for (const part of chosen?.parts ?? []) {
      const { ink, opacity } = part;
      const shade = ink === "A" ? textured : light;
      const colour = colourOf(ink, main, other, random);
      for (const shape of shapes(part, random, freedom.jitter, weight, bend))
        canvas.paint(shape, frame, { colour, opacity, shade });
    }
  }
}

function place(size: number, turn: number, random: Random, freedom: Freedom) {
  const { scale, stretch, margin, mirrored } = freedom;
  const middle = (): number => size / 2 + random.uniform(-margin, margin);
  const scaleY = random.uniform(...scale);
  const side = random.chance(mirrored) ? -1 : 1;
  const scaleX = scaleY * random.uniform(...stretch) * side;
  const angle = rotation(random.uniform(-turn, turn));
  return { x: middle(), y: middle(), scaleX, scaleY, turn: angle };
}

/**
 * Cosine and sine of the angle whose half has the tangent `t`: from -1 to 1 is from -90 to 90
 * degrees.
 */
export function rotation(t: number): [number, number] {
  // Unlike these operations, Math.sin and Math.cos may differ in the last digit between versions of
  // Node.
  return [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)];
}

/** Returns the colour of an ink. */
function colourOf(
  ink: string | Tone,
  main: Rgb,
  other: Rgb,
  random: Random,
): Rgb {
  if (ink === "a" || ink === "A") return main;
  if (ink === "b") return other;
  if (ink === "c") return contrast(main, 0.5);
  if (ink === "d") return mix(main, BLACK, 0.35);
  if (ink === "h") return mix(main, WHITE, 0.4);
  if (ink === "k") return BLACK;
  return ink === "w" ? WHITE : near(random, ink as Tone, 0.15);
}

/** Returns a random colour near a tone. */
function near(random: Random, tone: Tone, spread: number): Rgb {
  if (tone === "any") return anyColour(random);
  const [hues, saturation, value] = tone;
  const about = (middle: number): number =>
    Math.min(Math.max(middle + random.uniform(-spread, spread), 0), 1);
  const hue = random.pick(hues) + random.uniform(-0.05, 0.05);
  return hsv(hue, about(saturation), about(value));
}

type Bend = (points: Points) => number[];

/** Returns a random smooth transformation of the plane, the same for all parts of a drawing. */
function bending(random: Random, { bend, slant }: Freedom): Bend {
  const shear = random.uniform(...slant);
  const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map(() =>
    random.uniform(-bend, bend),
  );
  return (points) =>
    points.map((value, index) => {
      const x = index % 2 === 0 ? value : points[index - 1]!;
      const y = index % 2 === 0 ? points[index + 1]! : value;
      return index % 2 === 0
        ? x - shear * y + a * (y * y - 0.5) + b * x * y
        : y + c * (x * x - 0.2) + d * x * y;
    });
}

/** Returns the shapes of a part: its copies, and their mirror images. */
function shapes(
  { kind, mirror, points, radii, copies, apart, scattered }: Part,
  random: Random,
  jitter: number,
  weight: number,
  bend: Bend,
): Shape[] {
  const size = weight * random.uniform(0.88, 1.12);
  const [radius = 0, end = radius] = radii.map((value) => value * size);
  const all: Shape[] = [];
  for (let copy = 0; copy < copies; copy++) {
    const offset = apart.map((way) =>
      scattered ? random.uniform(-way, way) : way * copy,
    );
    const moved = points.map(
      (value, at) => value + offset[at % 2]! + random.uniform(-jitter, jitter),
    );
    const flipped = (axis: number): number[] =>
      moved.map((value, index) => (index % 2 === axis ? -value : value));
    const sides = mirror ? [flipped(mirror === "m" ? 0 : 1), moved] : [moved];
    for (const side of sides) {
      if (kind === "q") side.push(...reversed(flipped(0)));
      const line = bend(side);
      if (kind === "o") all.push(ellipse(line[0]!, line[1]!, radius, end));
      else if (kind === "l") all.push(...strokes(line, radius, end));
      else if (kind === "s") all.push(...strokes(smooth(line), radius, end));
      else all.push(polygon(line));
    }
  }
  return all;
}

/** The same points from the last to the first. */
function reversed(points: Points): number[] {
  return points.map((_, at) => points[points.length - 2 - at + 2 * (at % 2)]!);
}

/** Strokes from point to point, whose radius changes evenly. */
function strokes(line: Points, radius: number, end: number): Shape[] {
  const count = line.length / 2 - 1;
  const at = (part: number): number => radius + ((end - radius) * part) / count;
  return Array.from({ length: count }, (_, part) =>
    stroke(line.slice(part * 2, part * 2 + 4), at(part), at(part + 1)),
  );
}
