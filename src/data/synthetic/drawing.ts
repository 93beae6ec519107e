/**
 * Draws recipes on a canvas, each time a little differently.
 */
import type { Canvas } from "./canvas";
import { anyColor, BLACK, contrast, mix, near, textureOf, WHITE } from "./ink";
import type { Random } from "./random";
import type { Part, Recipe, Tone } from "./recipe";
import {
  ellipse,
  polygon,
  smooth,
  stroke,
  type Point,
  type Shape,
} from "./shape";

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
  /** How often the color has nothing to do with the recipe's. */
  readonly surprise: number;
}

/** Draws a recipe upon whatever is on the canvas. */
export function drawRecipe(
  canvas: Canvas,
  recipe: Recipe,
  random: Random,
  freedom: Freedom,
): void {
  const pose = poseOf(canvas.size, recipe, random, freedom);
  const tone = random.chance(freedom.surprise) ? "any" : recipe.tone;
  const a = near(random, tone, freedom.spread);
  const inks = {
    ...{ a, A: a, b: anyColor(random), c: contrast(a) },
    ...{ d: mix(a, BLACK, 0.35), h: mix(a, WHITE, 0.4), k: BLACK, w: WHITE },
  };
  // Light falls from above.
  const light = (y: number): number => 1.05 - (0.2 / pose.down) * (y - pose.y);
  const grain = textureOf(random, recipe.texture);
  const textured = (x: number, y: number): number =>
    grain((x - pose.x) / pose.across, (y - pose.y) / pose.down);
  for (const alternatives of recipe.steps) {
    let left = random.uniform(0, 1);
    const chosen = alternatives.find(
      ({ probability }) => (left -= probability) < 0,
    );
    for (const part of chosen?.parts ?? []) {
      const { ink, opacity } = part;
      const color =
        inks[ink as keyof typeof inks] ?? near(random, ink as Tone, 0.15);
      const texture = ink === "A" ? textured : undefined;
      for (const shape of shapes(part, random, pose))
        canvas.paint(shape, { color, opacity, light, texture });
    }
  }
}

/** Returns a random place, size and form of a drawing. */
function poseOf(
  size: number,
  recipe: Recipe,
  random: Random,
  { scale, stretch, margin, mirrored, bend, slant, jitter, weight }: Freedom,
) {
  const x = size / 2 + random.uniform(-margin, margin);
  const y = size / 2 + random.uniform(-margin, margin);
  const shear = random.uniform(...slant);
  const unit = random.uniform(...scale);
  const side = random.chance(mirrored) ? -unit : unit;
  const across = side * random.uniform(...stretch) * recipe.stretch[0];
  const down = unit * recipe.stretch[1];
  const turn = rotation(random.uniform(-recipe.turn, recipe.turn));
  const any = (): number => random.uniform(-bend, bend);
  const [a, b, c, d] = [any(), any(), any(), any()];
  return {
    ...{ x, y, across, down, turn, weight: random.uniform(...weight) },
    /** Returns a point of the recipe as a point of the canvas. */
    move(fromX: number, fromY: number): Point {
      const u = fromX + random.uniform(-jitter, jitter);
      const v = fromY + random.uniform(-jitter, jitter);
      const right = across * (u - shear * v + a * (v * v - 0.5) + b * u * v);
      const below = down * (v + c * (u * u - 0.2) + d * u * v);
      return [
        x + turn[0] * right - turn[1] * below,
        y + turn[1] * right + turn[0] * below,
      ];
    },
  };
}

/** Cosine and sine of the angle whose half has the tangent `t`: 1 for 90 degrees. */
export function rotation(t: number): [number, number] {
  // Unlike these operations, Math.sin and Math.cos may differ in the last digit between versions of
  // Node.
  return [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)];
}

/** Returns the shapes of which a part consists. */
function shapes(
  { kind, points, radii, scatter }: Part,
  random: Random,
  { across, down, turn, weight, move }: ReturnType<typeof poseOf>,
): Shape[] {
  const dx = random.uniform(-scatter[0], scatter[0]);
  const dy = random.uniform(-scatter[1], scatter[1]);
  const line = points.map(([x, y]) => move(x + dx, y + dy));
  if (kind === "p") return [polygon(line)];
  const [radius, end = radius] = radii as [number, number?];
  const wide = weight * Math.abs(across);
  if (kind === "o")
    return [ellipse(line[0]!, wide * radius, weight * down * end, turn)];
  const thick = Math.min(wide, weight * down);
  const all = kind === "s" ? smooth(line) : line;
  const step = (thick * (end - radius)) / (all.length - 1);
  return all.slice(1).map((to, index) => {
    const begin = thick * radius + step * index;
    return stroke(all[index]!, to, begin, begin + step);
  });
}
