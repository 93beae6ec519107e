/**
 * Draws objects in their own coordinates, at any position in the image.
 */
import type { Canvas, Frame, Ink } from "./canvas";
import type { Rgb } from "./color";
import type { Random } from "./random";
import type { Shape } from "./shape";

/** Draws an object of a class, with random variations. */
export type Draw = (pencil: Pencil, random: Random) => void;

/** Draws on a canvas through a coordinate transformation. */
export class Pencil {
  readonly #canvas: Canvas;
  readonly #frame: Frame;

  constructor(canvas: Canvas, frame: Frame) {
    this.#canvas = canvas;
    this.#frame = frame;
  }

  /** Fills a shape with a color, with light from above. */
  fill(shape: Shape, color: Rgb, ink: Omit<Ink, "color"> = {}): void {
    const { shade } = ink;
    this.#canvas.paint(shape, this.#frame, {
      ...ink,
      color,
      shade: (x, y) =>
        (1.05 - 0.2 * y) * (shade === undefined ? 1 : shade(x, y)),
    });
  }
}
