/**
 * What a thing of some class is drawn with, wherever in the picture it stands.
 */
import type { Canvas, Frame, Ink } from "./canvas";
import type { Rgb } from "./colour";
import type { Random } from "./random";
import type { Shape } from "./shape";

/** Draws one thing of a class in the pencil's own coordinates, each time a little different. */
export type Draw = (pencil: Pencil, random: Random) => void;

/** A canvas seen through a frame. */
export class Pencil {
  readonly #canvas: Canvas;
  readonly #frame: Frame;

  constructor(canvas: Canvas, frame: Frame) {
    this.#canvas = canvas;
    this.#frame = frame;
  }

  /** Fills a shape with a colour, lit from above. */
  fill(shape: Shape, colour: Rgb, ink: Omit<Ink, "colour"> = {}): void {
    const { shade } = ink;
    this.#canvas.paint(shape, this.#frame, {
      ...ink,
      colour,
      shade: (x, y) =>
        (1.05 - 0.2 * y) * (shade === undefined ? 1 : shade(x, y)),
    });
  }
}
