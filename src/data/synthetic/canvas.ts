/**
 * Implements the canvas on which an image is drawn.
 */
import type { Ink } from "./ink";
import type { Shape } from "./shape";

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

  /** Draws a shape with anti-aliased edges. The middle of the first pixel is (0.5, 0.5). */
  paint(shape: Shape, { color, opacity = 1, light, texture }: Ink): void {
    const { size, channels, pixels } = this;
    const [red, green, blue] = color;
    const left = Math.max(Math.floor(shape.left - 0.5), 0);
    const right = Math.min(Math.ceil(shape.right + 0.5), size);
    const bottom = Math.min(Math.ceil(shape.bottom + 0.5), size);
    for (
      let row = Math.max(Math.floor(shape.top - 0.5), 0);
      row < bottom;
      row++
    ) {
      const lit = light?.(row + 0.5) ?? 1;
      for (let column = left; column < right; column++) {
        const coverage = 0.5 - shape.distance(column + 0.5, row + 0.5);
        if (coverage <= 0) continue;
        const alpha = Math.min(coverage, 1) * opacity;
        const factor =
          texture === undefined ? lit : lit * texture(column + 0.5, row + 0.5);
        const index = (row * size + column) * channels;
        pixels[index]! += alpha * (red * factor - pixels[index]!);
        if (channels === 1) continue;
        pixels[index + 1]! += alpha * (green * factor - pixels[index + 1]!);
        pixels[index + 2]! += alpha * (blue * factor - pixels[index + 2]!);
      }
    }
  }

  /** Writes the image to `target` from index `start`, as bytes; clips values outside 0 to 1. */
  writeBytes(target: Uint8Array, start: number): void {
    const { pixels } = this;
    for (let index = 0; index < pixels.length; index++) {
      const value = pixels[index]! * 255;
      // Storing a value in an array of bytes discards its fraction.
      target[start + index] = value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
    }
  }
}
