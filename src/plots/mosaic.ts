/**
 * Mosaics: many small images combined into one.
 */
import { checkCount } from "../check";
import { NdArray } from "../data/nd-array";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";

/** Layout of a mosaic. All lengths are in image pixels. */
export interface MosaicLayout {
  readonly rows: number;
  readonly columns: number;
  /** White space to the right of each image except the last of a row. */
  readonly columnGap: number;
  /** White space below each image, including the last row. */
  readonly rowGap: number;
}

/** A mosaic: its pixels and the position of each image. */
export interface Mosaic {
  readonly width: number;
  readonly height: number;
  /** Height and width of one image. */
  readonly imageHeight: number;
  readonly imageWidth: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Uint8Array;
  /** Upper left pixel of each image, in the order of the images. */
  readonly corners: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Arranges images row by row on a white background.
 *
 * `images` has shape (n, height, width) or (n, height, width, channels), with 1 or 3 channels. The
 * first `rows * columns` images are used. Throws a RangeError (ERR_SHAPE or ERR_INVALID_VALUE) if a
 * shape or an option is invalid.
 */
export function mosaic(images: NdArray, layout: MosaicLayout): Mosaic {
  const { rows, columns, columnGap, rowGap } = layout;
  checkCount("rows", rows);
  checkCount("columns", columns);
  const [count = 0, imageHeight = 0, imageWidth = 0, channels = 1] =
    images.shape;
  if (
    images.shape.length < 3 ||
    images.shape.length > 4 ||
    (channels !== 1 && channels !== 3)
  ) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`images\` to have shape (n, height, width) or (n, height, width, 1 or 3), received ${images}`,
      ),
    );
  }
  checkCount("columnGap", columnGap, 0);
  checkCount("rowGap", rowGap, 0);
  if (count < rows * columns) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected at least ${rows * columns} images for ${rows} rows of ${columns}, received ${count}`,
      ),
    );
  }
  const width = columns * imageWidth + (columns - 1) * columnGap;
  const height = rows * (imageHeight + rowGap);
  const pixels = new Uint8Array(width * height * 3).fill(255);
  const corners = Array.from({ length: rows * columns }, (_, index) => ({
    x: (index % columns) * (imageWidth + columnGap),
    y: Math.floor(index / columns) * (imageHeight + rowGap),
  }));
  const imageSize = imageHeight * imageWidth * channels;
  corners.forEach((corner, index) => {
    for (let row = 0; row < imageHeight; row++) {
      for (let column = 0; column < imageWidth; column++) {
        const from = index * imageSize + (row * imageWidth + column) * channels;
        const to = ((corner.y + row) * width + corner.x + column) * 3;
        for (let channel = 0; channel < 3; channel++) {
          // Images of one channel are gray: the value is repeated three times.
          pixels[to + channel] = images.data[from + (channel % channels)]!;
        }
      }
    }
  });
  return { width, height, imageHeight, imageWidth, pixels, corners };
}

/**
 * Appends white images until there are `count`, to fill the last row.
 *
 * `images` has shape (n, …), the result (count, …). Throws a RangeError (ERR_INVALID_VALUE) if
 * there are no images, or more than `count`.
 */
export function padWithWhite(images: NdArray, count: number): NdArray {
  const [samples = 0, ...shape] = images.shape;
  if (samples < 1 || !(samples <= count)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(`Expected from 1 to ${count} images, received ${samples}`),
    );
  }
  const size = images.data.length / samples;
  const data = new Uint8Array(count * size).fill(255);
  data.set(images.data);
  return new NdArray(data, [count, ...shape]);
}

/** Encodes a mosaic as a lossless PNG in a data URI. */
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
