/**
 * Defines the interface for painting the images of a data set.
 */
import type { Canvas } from "./canvas";
import type { Random } from "./random";

/** Paints synthetic images of a data set's classes. */
export interface Painter {
  /** Height and width of an image, in pixels. */
  readonly size: number;
  readonly channels: 1 | 3;
  readonly classes: number;
  /** Number of images per class in each shuffled block of labels. */
  readonly copies: number;
  /**
   * Returns the label bytes of a class as in the data set's files, for most sets only the label.
   */
  labelBytes(label: number): readonly number[];
  /** Paints one image of a class, replacing the contents of the canvas. */
  paint(canvas: Canvas, random: Random, label: number): void;
}
