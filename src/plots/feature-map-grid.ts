/**
 * The feature maps of a layer.
 */
import { NdArray } from "../data/nd-array";
import { tf } from "../engine/tensorflow";
import type { FigureSource } from "./caption";
import type { Figure } from "./figure";
import { filledUp, mosaic } from "./mosaic";
import { margin, pictureFigure } from "./picture-figure";

/** What {@link featureMapGrid} can be told. */
export interface FeatureMapGridOptions {
  /** The data set the picture is from. */
  readonly dataset: FigureSource;
  /** Number of columns; 8 unless told, and never more than there are maps. */
  readonly columns?: number;
  /** A sentence under the maps, before the one on their greys. */
  readonly caption?: string;
}

/** White space between maps, in pixels of the maps, and the width the maps are to fill, in screen pixels. */
const gap = 2;
const wantedWidth = 560;

/**
 * The maps of a layer, filter by filter in rows and columns, as pictures in shades of grey.
 *
 * `maps` has shape (rows, columns, filters), as `featureMaps` gives them. All maps share one scale of grey, from the smallest value
 * of all to the largest, so that a filter that sees little in the picture is seen to be dark. Throws a RangeError if
 * `maps` has not three axes or a value that is not a finite number, or if `columns` is no whole number above 0.
 */
export async function featureMapGrid(
  maps: tf.Tensor3D,
  options: FeatureMapGridOptions,
): Promise<Figure> {
  const { dataset, caption } = options;
  if (maps.shape.length !== 3 || maps.size === 0) {
    throw new RangeError(
      `Expected \`maps\` to have shape (rows, columns, filters), received (${maps.shape.join(", ")})`,
    );
  }
  const [, , filters] = maps.shape;
  const { columns: wantedColumns = 8 } = options;
  if (!Number.isInteger(wantedColumns) || wantedColumns < 1) {
    throw new RangeError(
      `Expected \`columns\` to be a whole number above 0, received ${wantedColumns}`,
    );
  }
  const columns = Math.min(wantedColumns, filters);
  const { images, smallest, largest } = greys(maps);
  const rows = Math.ceil(filters / columns);
  const layout = { rows, columns, columnGap: gap, rowGap: gap };
  const picture = mosaic(filledUp(images, rows * columns), layout);
  const scale = Math.min(16, Math.ceil(wantedWidth / picture.width));
  const range = `black is ${written(smallest)}, white ${written(largest)}`;
  return pictureFigure(picture, scale, [], margin, {
    dataset,
    caption: [caption, `${filters} maps, ${range}`]
      .filter((sentence) => sentence !== undefined)
      .join(". "),
    text: `${filters} feature maps of ${images.shape[1]} x ${images.shape[2]}, ${columns} a row`,
  });
}

/** Two decimals; two digits of a number so small that it would be called 0. */
function written(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01
    ? value.toPrecision(2)
    : value.toFixed(2);
}

/** The maps as pictures of bytes, and the values that became black and white. */
function greys(maps: tf.Tensor3D) {
  const byFilter = tf.tidy(() => tf.transpose(maps, [2, 0, 1]));
  const values = byFilter.dataSync();
  const shape = byFilter.shape;
  byFilter.dispose();
  let smallest = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `Expected \`maps\` to hold finite numbers, received ${value}`,
      );
    }
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  // Maps that are the same everywhere are black: nothing stands out in them.
  const range = largest - smallest || 1;
  const bytes = Uint8Array.from(values, (value) =>
    Math.round(((value - smallest) / range) * 255),
  );
  return { images: new NdArray(bytes, shape), smallest, largest };
}
