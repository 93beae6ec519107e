/**
 * Draws pen strokes on a grayscale canvas.
 */
import type { Canvas } from "./canvas";

/** A line through points: x, y, x, y, ... */
export type Line = readonly number[];

/** Number of straight segments between two points of a smooth line. */
const PIECES = 5;

/**
 * Returns a Catmull-Rom spline through the points, as short straight segments.
 *
 * Source: E. Catmull, R. Rom, "A class of local interpolating splines", in Computer Aided Geometric
 * Design, 1974.
 */
export function smooth(points: Line): number[] {
  const last = points.length / 2 - 1;
  const at = (index: number, axis: number): number =>
    points[Math.min(Math.max(index, 0), last) * 2 + axis]!;
  const line: number[] = [at(0, 0), at(0, 1)];
  for (let index = 0; index < last; index++) {
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      for (const axis of [0, 1]) {
        const [a, b] = [at(index - 1, axis), at(index, axis)];
        const [c, d] = [at(index + 1, axis), at(index + 2, axis)];
        const square = 2 * a - 5 * b + 4 * c - d;
        const cube = 3 * b - a - 3 * c + d;
        line.push(b + 0.5 * t * (c - a + t * (square + t * cube)));
      }
    }
  }
  return line;
}

/**
 * Draws a line with a round nib whose radius changes evenly from `radius` to `endRadius`, in
 * pixels.
 *
 * A pixel keeps the maximum of all strokes, so crossings do not get more ink.
 */
export function write(
  canvas: Canvas,
  line: Line,
  radius: number,
  endRadius: number,
  ink: number,
): void {
  const { size, pixels } = canvas;
  const segments = line.length / 2 - 1;
  for (let segment = 0; segment < segments; segment++) {
    const [x1, y1] = [line[segment * 2]!, line[segment * 2 + 1]!];
    const [x2, y2] = [line[segment * 2 + 2]!, line[segment * 2 + 3]!];
    const nib = radius + ((endRadius - radius) * (segment + 0.5)) / segments;
    const reach = nib + 1;
    const [dx, dy] = [x2 - x1, y2 - y1];
    const squared = Math.max(dx * dx + dy * dy, 1e-9);
    const left = Math.max(Math.floor(Math.min(x1, x2) - reach), 0);
    const right = Math.min(Math.ceil(Math.max(x1, x2) + reach), size - 1);
    const top = Math.max(Math.floor(Math.min(y1, y2) - reach), 0);
    const bottom = Math.min(Math.ceil(Math.max(y1, y2) + reach), size - 1);
    for (let row = top; row <= bottom; row++) {
      const v = row + 0.5 - y1;
      for (let column = left; column <= right; column++) {
        const u = column + 0.5 - x1;
        const along = (u * dx + v * dy) / squared;
        const t = along < 0 ? 0 : along > 1 ? 1 : along;
        const [p, q] = [u - t * dx, v - t * dy];
        const coverage = 0.5 + nib - Math.sqrt(p * p + q * q);
        if (coverage <= 0) continue;
        const value = coverage < 1 ? coverage * ink : ink;
        const index = row * size + column;
        if (value > pixels[index]!) pixels[index] = value;
      }
    }
  }
}
