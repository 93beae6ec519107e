/**
 * Weights as images.
 */
import { NdArray } from "../data/nd-array";
import type { WeightArray } from "../training/weights";

/**
 * Returns an array of weights as images (n, height, width, channels): a kernel of a convolution
 * with 1 or 3 input channels as an image for each filter, a matrix or a list of numbers as one
 * image. Returns undefined for other arrays, which are no images.
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
  if (shape.length <= 2) return new NdArray(bytes, [1, height, width, 1]);
  if (shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    return undefined;
  }
  const images = new Uint8Array(bytes.length);
  const size = bytes.length / filters;
  for (let index = 0; index < bytes.length; index += 1) {
    // A kernel has its filters along the last axis.
    const filter = index % filters;
    images[filter * size + Math.floor(index / filters)] = bytes[index]!;
  }
  return new NdArray(images, [filters, height, width, channels]);
}
