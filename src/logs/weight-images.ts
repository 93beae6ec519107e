/**
 * Weights as images.
 */
import { NdArray } from "../data/nd-array";
import type { WeightArray } from "../training/weights";

/**
 * Returns an array of weights as images (n, height, width, channels): a kernel of a convolution
 * with 1 or 3 input channels as an image for each filter, a matrix as one image whose longer side
 * is its width, a list of numbers as a row. Returns undefined for other arrays, which are no
 * images.
 *
 * The smallest value is black, the largest is white. (Keras clips to 0 and 1, so the negative half
 * of a kernel is black.)
 */
export function weightImages({
  data,
  shape,
}: WeightArray): NdArray | undefined {
  const finite = data.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const least = finite.reduce((one, other) => Math.min(one, other));
  const most = finite.reduce((one, other) => Math.max(one, other));
  const scale = most > least ? 255 / (most - least) : 0;
  const bytes = Uint8Array.from(data, (value) =>
    Math.round((value - least) * scale),
  );
  const [height = 0, width = 1, channels = 0, filters = 0] = shape;
  if (shape.length <= 2) {
    return height <= width
      ? new NdArray(bytes, [1, height, width, 1])
      : new NdArray(transposed(bytes, width), [1, width, height, 1]);
  }
  if (shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    return undefined;
  }
  // A kernel has its filters along the last axis.
  const images = transposed(bytes, filters);
  return new NdArray(images, [filters, height, width, channels]);
}

/** Returns the values of a matrix with so many columns, column by column. */
function transposed(bytes: Uint8Array, columns: number): Uint8Array {
  const rows = bytes.length / columns;
  return Uint8Array.from(bytes, (_, index) => {
    const column = Math.floor(index / rows);
    return bytes[(index % rows) * columns + column]!;
  });
}
