/**
 * Adds the channel axis that convolutions expect.
 */
import { coded } from "../notebook/coded-error";
import { NdArray } from "./nd-array";

/**
 * Adds a channel axis to grayscale images, like `images[..., np.newaxis]` in NumPy.
 *
 * Input: (n, height, width). Output: (n, height, width, 1), sharing memory with the input. Throws a
 * RangeError (ERR_SHAPE) if `images` does not have three axes.
 */
export function withChannelAxis(images: NdArray): NdArray {
  if (images.shape.length !== 3) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`images\` to have 3 axes (n, height, width), received ${images}`,
      ),
    );
  }
  return new NdArray(images.data, [...images.shape, 1]);
}
