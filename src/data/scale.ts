/**
 * From bytes to what a network is fed.
 */
import { tf } from "../engine/tensorflow";
import type { NdArray } from "./nd-array";

/**
 * Divides pictures by 255, the first line of every lesson after the loading.
 *
 * Input: (n, height, width, channels) or (n, height, width), 0 to 255. Output: a float32 tensor of the same shape, values in [0, 1],
 * each the float32 nearest to byte / 255, which is what NumPy's float32 division gives. The caller disposes of it. Throws a
 * RangeError if there are not three or four axes; the caller says which by `scale<tf.Tensor3D>(images)`, if not four.
 */
export function scale<Scaled extends tf.Tensor3D | tf.Tensor4D = tf.Tensor4D>(
  images: NdArray,
): Scaled {
  const { data, shape } = images;
  if (shape.length !== 4 && shape.length !== 3) {
    throw new RangeError(
      `Expected \`images\` to have 4 axes (n, height, width, channels) or 3 (n, height, width), received ${images}`,
    );
  }
  // JavaScript divides in float64 and rounds when it stores. For a division that gives the same as dividing in float32:
  // float64 has more than twice its digits.
  const scaled = new Float32Array(data.length);
  for (let index = 0; index < data.length; index++) {
    scaled[index] = data[index]! / 255;
  }
  return tf.tensor(scaled, shape as [number, number, number]) as Scaled;
}
