/**
 * Figures of a layer's feature maps.
 */
import { checkCount } from "../check";
import { NdArray } from "../data/nd-array";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import type { FigureSource } from "./caption";
import type { Figure } from "./figure";
import { padWithWhite, mosaic } from "./mosaic";
import { margin, imageFigure } from "./image-figure";

/** Options of {@link featureMapGrid}. */
export interface FeatureMapGridOptions {
  /** The data set of the image. */
  readonly dataset: FigureSource;
  /** Number of columns; 8 by default, and at most the number of maps. */
  readonly columns?: number;
  /** A sentence under the maps, before the one on the gray scale. */
  readonly caption?: string;
}

/** White space between maps in map pixels, and approximate width of the figure in screen pixels. */
const gap = 2;
const targetWidth = 560;

/**
 * Draws a layer's feature maps as grayscale images in rows and columns.
 *
 * `maps` has shape (rows, columns, filters), as returned by `featureMaps`. All maps share one gray
 * scale, from the smallest to the largest value of all maps, so a filter with a weak response
 * appears dark. Throws a RangeError (ERR_SHAPE, ERR_NOT_FINITE or ERR_INVALID_VALUE) if `maps` does
 * not have three axes or contains a value that is not finite, or if `columns` is not a positive
 * integer.
 */
export async function featureMapGrid(
  maps: tf.Tensor3D,
  options: FeatureMapGridOptions,
): Promise<Figure> {
  const { dataset, caption } = options;
  if (maps.shape.length !== 3 || maps.size === 0) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`maps\` to have shape (rows, columns, filters), received (${maps.shape.join(", ")})`,
      ),
    );
  }
  const [, , filters] = maps.shape;
  const { columns: requestedColumns = 8 } = options;
  checkCount("columns", requestedColumns);
  const columns = Math.min(requestedColumns, filters);
  const { images, smallest, largest } = grayImages(maps);
  const rows = Math.ceil(filters / columns);
  const layout = { rows, columns, columnGap: gap, rowGap: gap };
  const grid = mosaic(padWithWhite(images, rows * columns), layout);
  const scale = Math.min(16, Math.ceil(targetWidth / grid.width));
  const range = `black is ${formatted(smallest)}, white ${formatted(largest)}`;
  return imageFigure(grid, scale, [], margin, {
    dataset,
    caption: [caption, `${filters} maps, ${range}`]
      .filter((sentence) => sentence !== undefined)
      .join(". "),
    text: `${filters} feature maps of ${images.shape[1]} x ${images.shape[2]}, ${columns} per row`,
  });
}

/** Formats a value with two decimals, or with two significant digits if it would round to 0. */
function formatted(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01
    ? value.toPrecision(2)
    : value.toFixed(2);
}

/** Converts maps to byte images. Also returns the values of black and white. */
function grayImages(maps: tf.Tensor3D) {
  const byFilter = tf.tidy(() => tf.transpose(maps, [2, 0, 1]));
  const values = byFilter.dataSync();
  const shape = byFilter.shape;
  byFilter.dispose();
  let smallest = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) {
      throw coded(
        "ERR_NOT_FINITE",
        new RangeError(
          `Expected \`maps\` to hold finite numbers, received ${value}`,
        ),
      );
    }
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  // Constant maps are drawn black.
  const range = largest - smallest || 1;
  const bytes = Uint8Array.from(values, (value) =>
    Math.round(((value - smallest) / range) * 255),
  );
  return { images: new NdArray(bytes, shape), smallest, largest };
}
