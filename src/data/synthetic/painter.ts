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
  /**
   * Largest number of things without a class behind the drawing, and how often one is before it.
   */
  readonly clutter: readonly [number, number];
  /** The coarse class of each class, in a data set that has them. */
  readonly coarse?: readonly number[];
}

/** Paints synthetic images of a data set's classes. */
export class Painter {
  readonly style: Style;
  readonly classes: number;
  readonly #texts: readonly string[];
  /** Those that have been needed. */
  readonly #recipes: Recipe[][] = [];

  /** A class's recipes, of which one is drawn, have `||` between them. */
  constructor(style: Style, recipes: readonly string[]) {
    this.style = style;
    this.classes = recipes.length;
    this.#texts = recipes;
  }

  /** Returns the label bytes of a class as in the data set's files. */
  labelBytes(label: number): readonly number[] {
    const { coarse } = this.style;
    return coarse === undefined ? [label] : [coarse[label]!, label];
  }

  /** Paints one image of a class, replacing the contents of the canvas. */
  paint(canvas: Canvas, random: Random, label: number): void {
    const recipe = this.recipe(random, label);
    const [most, before] = this.style.clutter;
    if (recipe.settings.length === 0) canvas.pixels.fill(0);
    else paintBackground(canvas, random, random.pick(recipe.settings));
    paintClutter(canvas, random, random.integer(most + 1));
    drawRecipe(canvas, recipe, random, this.style);
    if (random.chance(before)) paintClutter(canvas, random, 1);
    light(canvas, random);
  }

  /** Returns a random one of the recipes of a class. */
  recipe(random: Random, label: number): Recipe {
    const texts = this.#texts[label]!.split("||");
    return random.pick((this.#recipes[label] ??= texts.map(readRecipe)));
  }
}
