/**
 * Stand-in room: the picture while it is drawn, and the pencil that draws on it.
 */
import type { Rgb } from "./colour";
import type { Shape } from "./shape";

/** Where a drawing's own coordinates lie in the picture: its origin at (x, y), in pixels, turned, stretched, flipped. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  /** Pixels to one unit across; negative draws mirrored. */
  readonly scaleX: number;
  /** Pixels to one unit down. */
  readonly scaleY: number;
  /** Cosine and sine of the angle by which the drawing is turned. */
  readonly turn: readonly [number, number];
}

/** What a shape is filled with. */
export interface Ink {
  readonly colour: Rgb;
  /** 1 covers what is beneath, 0 leaves it. Default: 1. */
  readonly opacity?: number;
  /** Factor for the colour at a point of the drawing: stripes, spots, light from above. Default: 1 everywhere. */
  readonly shade?: (x: number, y: number) => number;
}

/** A picture of `size` x `size` pixels, red, green and blue from 0 to 1, row by row, channels last. */
export class Canvas {
  readonly size: number;
  readonly pixels: Float32Array;

  constructor(size: number) {
    this.size = size;
    this.pixels = new Float32Array(size * size * 3);
  }

  /** Draws a shape; a pixel that is covered in part takes the ink in part. */
  paint(shape: Shape, frame: Frame, ink: Ink): void {
    const { size, pixels } = this;
    const [cosine, sine] = frame.turn;
    const { colour, opacity = 1, shade } = ink;
    const unit = Math.min(Math.abs(frame.scaleX), frame.scaleY);
    const [left, right, top, bottom] = reach(shape, frame, size);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const dx = column + 0.5 - frame.x;
        const dy = row + 0.5 - frame.y;
        const x = (cosine * dx + sine * dy) / frame.scaleX;
        const y = (cosine * dy - sine * dx) / frame.scaleY;
        const coverage = 0.5 - shape.distance(x, y) * unit;
        if (coverage <= 0) continue;
        const alpha = Math.min(coverage, 1) * opacity;
        const factor = shade === undefined ? 1 : shade(x, y);
        const index = (row * size + column) * 3;
        for (let channel = 0; channel < 3; channel++) {
          const old = pixels[index + channel]!;
          pixels[index + channel] =
            old + alpha * (colour[channel]! * factor - old);
        }
      }
    }
  }
}

/** First and last column, first and last row of the pixels that a shape can touch. */
function reach(
  shape: Shape,
  frame: Frame,
  size: number,
): [number, number, number, number] {
  const [cosine, sine] = frame.turn;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const cornerX of [shape.left, shape.right]) {
    for (const cornerY of [shape.top, shape.bottom]) {
      const u = cornerX * frame.scaleX;
      const v = cornerY * frame.scaleY;
      const x = frame.x + cosine * u - sine * v;
      const y = frame.y + sine * u + cosine * v;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return [
    Math.max(Math.floor(left - 1), 0),
    Math.min(Math.ceil(right), size - 1),
    Math.max(Math.floor(top - 1), 0),
    Math.min(Math.ceil(bottom), size - 1),
  ];
}
