/**
 * What can paint a data set, one picture at a time.
 */
import type { Canvas } from "./canvas";
import type { Random } from "./random";

/** Paints pictures of a number of classes. */
export interface Painter {
  /** Height and width of a picture, in pixels. */
  readonly size: number;
  readonly channels: 1 | 3;
  readonly classes: number;
  /** Labels are dealt like cards, from a pack that holds so many of each class, in random order. */
  readonly copies: number;
  /** The bytes that stand for a class in the data set's files: for most sets its number alone. */
  labelBytes(label: number): readonly number[];
  /** Paints one picture of a class over whatever is on the canvas. */
  paint(canvas: Canvas, random: Random, label: number): void;
}
