/**
 * Grids of a data set's images with class names.
 */
import type { NdArray } from "../data/nd-array";
import type { Split } from "../data/split";
import { take } from "../data/take";
import { coded } from "../notebook/coded-error";
import type { FigureSource } from "./caption";
import { classNameOf } from "./check-option";
import { escapePlotlyText, type Figure } from "./figure";
import { mosaic } from "./mosaic";
import { margin, annotation, imageFigure, wrapped } from "./image-figure";

/** Options of {@link imageGrid}. */
export interface ImageGridOptions {
  /** The data set of the images. */
  readonly dataset: FigureSource;
  /** Number of rows; 5 by default. */
  readonly rows?: number;
  /** Number of columns; 5 by default. */
  readonly columns?: number;
  /** A sentence under the images. */
  readonly caption?: string;
}

/** Options of {@link classGrid}. */
export interface ClassGridOptions {
  /** The data set of the images. */
  readonly dataset: FigureSource;
  /** Number of images per class; 8 by default. */
  readonly perClass?: number;
  /** A sentence under the images. */
  readonly caption?: string;
}

/** Screen pixels per image pixel. An integer, so that all pixels have the same size. */
const imageGridScale = 3;
const classGridScale = 2;
/** White space between images, in image pixels. Class names are placed in the gap below. */
const columnGap = 4;
const nameGap = 8;
/**
 * Height of another line of a name, in image pixels, and width of a character, in screen pixels.
 */
const lineGap = 6;
const characterWidth = 8;
/** Names up to this length are not wrapped, even below tiny images. */
const shortest = 12;

/**
 * Draws the first images in rows and columns, with the class name below each and without axis
 * ticks.
 *
 * `images` has shape (n, height, width[, channels]), `labels` (n, 1) with indices into
 * `classNames`. All images are combined into a single one, whose pixels are drawn as squares of 3
 * by 3. Throws a RangeError if there are too few images, or if a label has no name.
 */
export async function imageGrid(
  images: NdArray,
  labels: NdArray,
  classNames: readonly string[],
  options: ImageGridOptions,
): Promise<Figure> {
  const { rows = 5, columns = 5, dataset, caption } = options;
  const names = classNamesOf(labels, rows * columns, classNames);
  const available = ((images.shape[2] ?? 0) + columnGap) * imageGridScale;
  const length = Math.max(shortest, Math.floor(available / characterWidth));
  const wrappedNames = names.map((name) => wrapped(name, length));
  const most = Math.max(1, ...wrappedNames.map((lines) => lines.length));
  const rowGap = nameGap + (most - 1) * lineGap;
  const grid = mosaic(images, { rows, columns, columnGap, rowGap });
  const annotations = grid.corners.map((corner, index) =>
    annotation("", {
      text: wrappedNames[index]!.map(escapePlotlyText).join("<br>"),
      x: corner.x + (grid.imageWidth - 1) / 2,
      y: corner.y + grid.imageHeight,
      xanchor: "center",
      yanchor: "top",
    }),
  );
  const lines = Array.from({ length: rows }, (_, row) =>
    names.slice(row * columns, (row + 1) * columns).join(", "),
  );
  return imageFigure(grid, imageGridScale, annotations, margin, {
    dataset,
    caption,
    text: [`${rows} x ${columns} images, row by row:`, ...lines].join("\n"),
  });
}

/**
 * Draws a row of images for each class, in the order of the class indices, with the class name on
 * the left.
 *
 * The images are the first of their class in `split`. Throws a RangeError if a class has too few.
 */
export async function classGrid(
  split: Split,
  classNames: readonly string[],
  options: ClassGridOptions,
): Promise<Figure> {
  const { perClass = 8, dataset, caption } = options;
  const indices = classNames.flatMap((name, label) => {
    const found = firstOfClass(split.labels, label, perClass);
    if (found.length < perClass) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected at least ${perClass} images of each class, received ${found.length} of "${name}"`,
        ),
      );
    }
    return found;
  });
  const grid = mosaic(take(split.images, indices), {
    rows: classNames.length,
    columns: perClass,
    columnGap,
    rowGap: columnGap,
  });
  const annotations = classNames.map((name, label) => {
    const corner = grid.corners[label * perClass]!;
    return annotation(name, {
      // Plotly does not draw annotations outside the axis range, so this one is at the edge and
      // shifted.
      x: -0.5,
      xshift: -6,
      y: corner.y + (grid.imageHeight - 1) / 2,
      xanchor: "right",
      yanchor: "middle",
    });
  });
  const longest = Math.max(...classNames.map((name) => name.length));
  return imageFigure(grid, classGridScale, annotations, margin + 8 * longest, {
    dataset,
    caption,
    text: `${perClass} images of each class: ${classNames.join(", ")}`,
  });
}

function classNamesOf(
  labels: NdArray,
  count: number,
  classNames: readonly string[],
): string[] {
  if (labels.data.length < count) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected a label for each of ${count} images, received ${labels.data.length}`,
      ),
    );
  }
  return Array.from(labels.data.subarray(0, count), (label) =>
    classNameOf(label, classNames),
  );
}

function firstOfClass(labels: NdArray, label: number, count: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < labels.data.length; index++) {
    if (found.length === count) break;
    if (labels.data[index] === label) found.push(index);
  }
  return found;
}
