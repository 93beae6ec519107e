/**
 * Many small pictures put together into one.
 */
import { NdArray } from "../data/nd-array";
import { tf } from "../engine/tensorflow";

/** How pictures are laid out. All lengths are pixels of the pictures themselves. */
export interface MosaicLayout {
  readonly rows: number;
  readonly columns: number;
  /** White space right of each picture but the last of a row. */
  readonly columnGap: number;
  /** White space below each picture, also those of the last row. */
  readonly rowGap: number;
}

/** A mosaic: its pixels, and where each picture lies in it. */
export interface Mosaic {
  readonly width: number;
  readonly height: number;
  /** Height and width of one picture. */
  readonly pictureHeight: number;
  readonly pictureWidth: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Uint8Array;
  /** Upper left pixel of each picture, in the order of the pictures. */
  readonly corners: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Lays pictures out row by row on white.
 *
 * `images` has shape (n, height, width) or (n, height, width, channels), with 1 or 3 channels; the first
 * `rows * columns` are taken, and the others left out. Throws a RangeError if a shape or a number does not fit.
 */
export function mosaic(images: NdArray, layout: MosaicLayout): Mosaic {
  const { rows, columns, columnGap, rowGap } = layout;
  for (const [name, value] of Object.entries({ rows, columns })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Expected \`${name}\` to be a whole number above 0, received ${value}`,
      );
    }
  }
  const [count = 0, pictureHeight = 0, pictureWidth = 0, channels = 1] =
    images.shape;
  if (
    images.shape.length < 3 ||
    images.shape.length > 4 ||
    (channels !== 1 && channels !== 3)
  ) {
    throw new RangeError(
      `Expected \`images\` to have shape (n, height, width) or (n, height, width, 1 or 3), received ${images}`,
    );
  }
  for (const [name, value] of Object.entries({ columnGap, rowGap })) {
    if (!Number.isInteger(value) || value < 0) {
      throw new RangeError(
        `Expected \`${name}\` to be a whole number from 0, received ${value}`,
      );
    }
  }
  if (count < rows * columns) {
    throw new RangeError(
      `Expected at least ${rows * columns} pictures for ${rows} rows of ${columns}, received ${count}`,
    );
  }
  const width = columns * pictureWidth + (columns - 1) * columnGap;
  const height = rows * (pictureHeight + rowGap);
  const pixels = new Uint8Array(width * height * 3).fill(255);
  const corners = Array.from({ length: rows * columns }, (_, index) => ({
    x: (index % columns) * (pictureWidth + columnGap),
    y: Math.floor(index / columns) * (pictureHeight + rowGap),
  }));
  const pictureSize = pictureHeight * pictureWidth * channels;
  corners.forEach((corner, index) => {
    for (let row = 0; row < pictureHeight; row++) {
      for (let column = 0; column < pictureWidth; column++) {
        const from =
          index * pictureSize + (row * pictureWidth + column) * channels;
        const to = ((corner.y + row) * width + corner.x + column) * 3;
        for (let channel = 0; channel < 3; channel++) {
          // A picture of one channel is grey: the same value three times.
          pixels[to + channel] = images.data[from + (channel % channels)]!;
        }
      }
    }
  });
  return { width, height, pictureHeight, pictureWidth, pixels, corners };
}

/**
 * Adds white pictures until there are `count`, for a last row that is not full.
 *
 * `images` has shape (n, …), and so has what is returned, with `count` in place of n. Throws a RangeError if there is no picture, or if
 * there are more than `count`.
 */
export function filledUp(images: NdArray, count: number): NdArray {
  const [pictures = 0, ...shape] = images.shape;
  if (pictures < 1 || !(pictures <= count)) {
    throw new RangeError(
      `Expected from 1 to ${count} pictures to fill up, received ${pictures}`,
    );
  }
  const size = images.data.length / pictures;
  const data = new Uint8Array(count * size).fill(255);
  data.set(images.data);
  return new NdArray(data, [count, ...shape]);
}

/** A mosaic as a PNG file in a data URI, which keeps every pixel exactly. */
export async function toPngUri(source: Mosaic): Promise<string> {
  const tensor = tf.tensor3d(
    Int32Array.from(source.pixels),
    [source.height, source.width, 3],
    "int32",
  );
  try {
    const png = await tf.node.encodePng(tensor, 9);
    return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  } finally {
    tensor.dispose();
  }
}
