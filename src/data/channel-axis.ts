/**
 * The axis that convolutions look for.
 */
import { NdArray } from "./nd-array";

/**
 * Gives pictures in shades of grey an axis for their one channel, as `images[..., np.newaxis]` does in Python.
 *
 * Input: (n, height, width). Output: (n, height, width, 1), in the same memory. Throws a RangeError if there are not three axes.
 */
export function withChannelAxis(images: NdArray): NdArray {
  if (images.shape.length !== 3) {
    throw new RangeError(
      `Expected \`images\` to have 3 axes (n, height, width), received ${images}`,
    );
  }
  return new NdArray(images.data, [...images.shape, 1]);
}
