/**
 * Reads recipes: short texts that say of which shapes a class is drawn, and with what freedom.
 *
 * A recipe has semicolons between its parts: `.1 sky sky road; .09:.5:.6 striped; A o 0 0 .7 .4`.
 * - First the tangent of half the largest angle by which it is turned, and the places it appears
 *   in.
 * - Then its colour, hue:saturation:value, where hues to choose from stand as `0|.3`, or `*` for
 *   any; after it perhaps a texture.
 * - Then steps, each of which draws one of its alternatives, separated by slashes. `30%` before an
 *   alternative is its probability; those without share what is left, if it is not to do nothing.
 * - An alternative is a list of shapes, separated by commas: an ink, perhaps `m` (drawn on the left
 *   too) or `v` (above too), a kind of shape, numbers, and perhaps copies.
 * - Inks: `a` the recipe's colour, `A` that with its texture, `b` any other colour, `c` a contrast,
 *   `d` darker, `h` lighter, `k` black, `w` white, or a colour. `@.5` makes it half transparent.
 * - Shapes: `o` x y radius [radiusY], an ellipse; `l` points radius [endRadius], straight strokes,
 *   and `s`, a smooth one; `p` corners, a polygon; `q` its right half, mirrored by the left; `b` x
 *   y halfWidth halfHeight, a rectangle.
 * - Copies: `x3 .2 0` draws three, each (.2, 0) from the one before; `~3 .2 0` at random places up
 *   to (.2, 0) away.
 */

/** A colour with a random hue out of some; `any` for one without restrictions. */
export type Tone = "any" | readonly [hues: number[], s: number, v: number];

export type Recipe = ReturnType<typeof readRecipe>;
export type Part = ReturnType<typeof readPart>;

/** Reads a recipe. Throws an error if a shape cannot be read. */
export function readRecipe(text: string) {
  const [pose, inks, ...steps] = text.split(";").map((part) => part.trim());
  const [turn, ...settings] = pose!.split(" ");
  const [tone, texture] = inks!.split(" ");
  return {
    ...{ turn: Number(turn), settings, tone: readTone(tone!), texture },
    steps: steps.filter((step) => step !== "").map(readStep),
  };
}

function readStep(text: string) {
  const read = text.split("/").map((alternative) => {
    const [, percent, parts] = /^\s*(?:(\d+)%)?(.*)$/s.exec(alternative)!;
    return { percent, parts: parts!.split(",").map(readPart) };
  });
  const others = read.filter(({ percent }) => percent === undefined).length;
  const given = read.reduce((sum, { percent = 0 }) => sum + Number(percent), 0);
  const share = (100 - given) / others;
  return read.map(({ percent = share, parts }) => ({
    probability: Number(percent) / 100,
    parts,
  }));
}

const pattern =
  /^([a-zA-Z]|\S*:[^\s@]*)(?:@(\S+))?(?: ([mv]))? ([olspqb]) ([-\d.e ]+?)(?: ([x~])(\d+) (\S+) (\S+))?$/;

function readPart(text: string) {
  const match = pattern.exec(text.trim());
  if (match === null)
    throw new Error(`Expected a part such as "a o 0 0 .5", received "${text}"`);
  const [, ink, opacity = 1, mirror, kind, list, how, copies = 1] = match;
  const numbers = list!.split(" ").map(Number);
  const radii = "ols".includes(kind!) ? 2 - (numbers.length % 2) : 0;
  const end = numbers.length - radii;
  return {
    ink: ink!.includes(":") ? readTone(ink!) : ink!,
    opacity: Number(opacity),
    mirror,
    kind: kind!,
    points: kind === "b" ? rectangle(numbers) : numbers.slice(0, end),
    radii: numbers.slice(end),
    copies: Number(copies),
    /** Distance between copies, or how far away a copy can be. */
    apart: [Number(match[8] ?? 0), Number(match[9] ?? 0)],
    scattered: how === "~",
  };
}

function rectangle([x = 0, y = 0, width = 0, height = 0]: number[]): number[] {
  const corners = [
    -width,
    -height,
    width,
    -height,
    width,
    height,
    -width,
    height,
  ];
  return corners.map((value, index) => value + (index % 2 === 0 ? x : y));
}

function readTone(text: string): Tone {
  if (text === "*") return "any";
  const [hues, saturation, value] = text.split(":");
  return [hues!.split("|").map(Number), Number(saturation), Number(value)];
}
