/**
 * Reads recipes: short texts that say of which shapes a class is drawn, like paths in SVG.
 *
 * A recipe has semicolons between its parts: `.1 sky road; .1:.5:.6 striped; A o 0,0 .7 .4`.
 * - First the tangent of half the largest angle by which it is turned, and where it appears.
 * - Then its color, hue:saturation:value, where hues to choose from stand as `0|.3`, or `*` for
 *   any; after it perhaps a texture, and how much wider and higher it is drawn.
 * - Then steps, each of which draws one of its alternatives, separated by slashes. `30%` before an
 *   alternative is its probability; those without share what is left, if it is not to do nothing.
 * - An alternative is shapes with `+` between them: an ink, perhaps `m` (drawn on the left too), a
 *   kind of shape, points, perhaps radii, perhaps copies.
 * - Inks: `a` the recipe's color, `A` that with its texture, `b` any other color, `c` a contrast,
 *   `d` darker, `h` lighter, `k` black, `w` white, or a color. `@.5` makes it half transparent.
 * - Shapes: `o` an ellipse, `l` straight strokes and `s` a smooth one, with one or two radii; `p` a
 *   polygon; `q` its right half, mirrored by the left; `b` a rectangle: its middle, half its size.
 * - Copies: `x3 .2,0` draws three, each (.2, 0) from the one before; `~3 .2,0` at random places up
 *   to (.2, 0) away.
 */
import { coded } from "../../notebook/coded-error";
import type { Point } from "./shape";

/** A color with a random hue out of some; `any` for one without restrictions. */
export type Tone = "any" | readonly [hues: number[], s: number, v: number];

/** A shape to be drawn; mirror images and copies are parts of their own. */
export interface Part {
  readonly ink: string | Tone;
  readonly opacity: number;
  /** `o`, `l`, `s` or `p`, as in the recipe. */
  readonly kind: string;
  readonly points: readonly Point[];
  readonly radii: readonly number[];
  /** How far it can be from its place, across and down. */
  readonly scatter: Point;
}

export type Recipe = ReturnType<typeof readRecipe>;

/** Reads a recipe. Throws an error if a shape cannot be read. */
export function readRecipe(text: string) {
  const [pose, look, ...steps] = text
    .split(";")
    .map((part) => part.trim().replace(/\s+/g, " "));
  const [turn, ...places] = pose!.split(" ");
  const [tone, texture, width = 1, height = 1] = look!.split(" ");
  return {
    ...{ turn: Number(turn), places, tone: readTone(tone!), texture },
    stretch: [Number(width), Number(height)] as const,
    steps: steps.map(readStep),
  };
}

function readStep(text: string) {
  const read = text.split("/").map((alternative) => {
    const [, percent, parts] = /^\s*(?:(\d+)%)?(.*)$/s.exec(alternative)!;
    return { percent, parts: parts!.split("+").flatMap(readParts) };
  });
  const others = read.filter(({ percent }) => percent === undefined).length;
  const given = read.reduce((sum, { percent = 0 }) => sum + Number(percent), 0);
  return read.map(({ percent = (100 - given) / others, parts }) => ({
    probability: Number(percent) / 100,
    parts,
  }));
}

const pattern =
  /^([^\s@]+)(?:@(\S+))?( m)? ([olspqb])((?: \S+,\S+)+)((?: [\d.]+)*)(?: ([x~])(\d+) (\S+,\S+))?$/;

function readParts(text: string): Part[] {
  const match = pattern.exec(text.trim());
  if (match === null) {
    throw coded(
      "ERR_INTERNAL",
      new Error(`Expected a part such as "a o 0,0 .5", received "${text}"`),
    );
  }
  const [, ink, opacity = 1, mirror, kind, list, radii, how, copies = 1] =
    match;
  let points = list!.trim().split(" ").map(readPoint);
  if (kind === "b") points = rectangle(...(points as [Point, Point]));
  if (kind === "q") points.push(...points.map(flip).reverse());
  const apart = readPoint(match[9] ?? "0,0");
  const part = {
    ink: ink!.includes(":") ? readTone(ink!) : ink!,
    opacity: Number(opacity),
    kind: "bq".includes(kind!) ? "p" : kind!,
    radii: radii!.trim().split(" ").map(Number),
    scatter: how === "~" ? apart : readPoint("0,0"),
  };
  return Array.from({ length: Number(copies) }, (_, copy) => {
    const [dx, dy] = how === "x" ? [apart[0] * copy, apart[1] * copy] : [0, 0];
    const moved = points.map(([x, y]): Point => [x + dx, y + dy]);
    const sides = mirror ? [moved.map(flip), moved] : [moved];
    return sides.map((side) => ({ ...part, points: side }));
  }).flat();
}

function readPoint(text: string): Point {
  const [x, y] = text.split(",").map(Number);
  return [x!, y!];
}

const flip = ([x, y]: Point): Point => [-x, y];

function rectangle([x, y]: Point, [width, height]: Point): Point[] {
  const corner = (u: number, v: number): Point => [
    x + u * width,
    y + v * height,
  ];
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** Reads a tone such as `.1|.3:.5:.6` or `*`. */
export function readTone(text: string): Tone {
  if (text === "*") return "any";
  const [hues, saturation, value] = text.split(":");
  return [hues!.split("|").map(Number), Number(saturation), Number(value)];
}
