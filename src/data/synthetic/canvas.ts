/**
 * Implements the canvas on which an image is drawn.
 */
import type { Rgb } from "./color";
import type { Shape } from "./shape";

/** Transformation from a drawing's coordinates to pixels; its origin is at pixel (x, y). */
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

/**
 * Fill of a shape. A canvas with one channel uses the red value of the color as its gray level.
 */
export interface Ink {
  readonly color: Rgb;
  /** 1 covers what is beneath, 0 leaves it. Default: 1. */
  readonly opacity?: number;
  /**
   * Factor for the color at a point of the drawing: stripes, spots, light from above. Default: 1
   * everywhere.
   */
  readonly shade?: ((x: number, y: number) => number) | undefined;
}

/** Image of `size` x `size` pixels, values 0 to 1, row by row, channels last; initially black. */
export class Canvas {
  readonly size: number;
  readonly channels: 1 | 3;
  readonly pixels: Float32Array;

  constructor(size: number, channels: 1 | 3 = 3) {
    this.size = size;
    this.channels = channels;
    this.pixels = new Float32Array(size * size * channels);
  }

  /** Draws a shape with anti-aliased edges. */
  paint(shape: Shape, frame: Frame, ink: Ink): void {
    const { size, channels, pixels } = this;
    const [cosine, sine] = frame.turn;
    const { scaleX, scaleY } = frame;
    const { opacity = 1, shade } = ink;
    const [red, green, blue] = ink.color;
    const unit = Math.min(Math.abs(scaleX), scaleY);
    const [left, right, top, bottom] = reach(shape, frame, size);
    for (let row = top; row <= bottom; row++) {
      const dy = row + 0.5 - frame.y;
      for (let column = left; column <= right; column++) {
        const dx = column + 0.5 - frame.x;
        const x = (cosine * dx + sine * dy) / scaleX;
        const y = (cosine * dy - sine * dx) / scaleY;
        const coverage = 0.5 - shape.distance(x, y) * unit;
        if (coverage <= 0) continue;
        const alpha = Math.min(coverage, 1) * opacity;
        const factor = shade === undefined ? 1 : shade(x, y);
        const index = (row * size + column) * channels;
        pixels[index]! += alpha * (red * factor - pixels[index]!);
        if (channels === 1) continue;
        pixels[index + 1]! += alpha * (green * factor - pixels[index + 1]!);
        pixels[index + 2]! += alpha * (blue * factor - pixels[index + 2]!);
      }
    }
  }

  /**
   * Writes the image to `target` from index `start`, as bytes 0 to 255; clips values outside 0 to
   * 1.
   */
  writeBytes(target: Uint8Array, start: number): void {
    const { pixels } = this;
    for (let index = 0; index < pixels.length; index++) {
      const value = pixels[index]! * 255;
      // Storing a value in an array of bytes discards its fraction.
      target[start + index] = value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
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
