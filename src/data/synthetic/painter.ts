/**
 * Paints images of any number of classes from their recipes.
 */
import type { Canvas } from "./canvas";
import { drawRecipe, type Freedom } from "./drawing";
import type { Random } from "./random";
import { readRecipe, type Recipe } from "./recipe";
import { light, paintBackground, paintClutter } from "./scenery";

/** What the images of a data set have in common. */
export interface Style extends Freedom {
  /** Height and width of an image, in pixels. */
  readonly size: number;
  readonly channels: 1 | 3;
  /** Number of images per class in each shuffled block of labels. */
  readonly copies: number;
  /** How far colors are from those of a place, and how often they are unusual, if it has any. */
  readonly grounds?: readonly [number, number];
  /** Largest number of other things behind the drawing, and how often one is before it. */
  readonly clutter?: readonly [number, number];
  /** The coarse class of each class, in a data set that has them. */
  readonly coarse?: readonly number[];
}

/** Paints synthetic images of a data set's classes. */
export class Painter {
  readonly style: Style;
  readonly #texts: readonly string[];
  /** Those that have been needed. */
  readonly #recipes: Recipe[] = [];

  constructor(style: Style, recipes: readonly string[]) {
    this.style = style;
    this.#texts = recipes;
  }

  /** Returns the classes of a block of images. */
  labels(): number[] {
    return Array<number[]>(this.style.copies)
      .fill([...this.#texts.keys()])
      .flat();
  }

  /** Returns the label bytes of a class as in the data set's files. */
  labelBytes(label: number): readonly number[] {
    const { coarse } = this.style;
    return coarse === undefined ? [label] : [coarse[label]!, label];
  }

  /** Returns the recipe of a class. */
  recipe(label: number): Recipe {
    return (this.#recipes[label] ??= readRecipe(this.#texts[label]!));
  }

  /** Paints one image of a class, replacing the contents of the canvas. */
  paint(canvas: Canvas, random: Random, label: number): void {
    const recipe = this.recipe(label);
    const { grounds, clutter: [most, before] = [0, 0] } = this.style;
    if (grounds === undefined) canvas.pixels.fill(0);
    else paintBackground(canvas, random, random.pick(recipe.places), grounds);
    paintClutter(canvas, random, random.integer(most + 1));
    drawRecipe(canvas, recipe, random, this.style);
    if (random.chance(before)) paintClutter(canvas, random, 1);
    light(canvas, random);
  }
}
