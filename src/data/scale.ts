/**
 * Scales image bytes to the range that networks are trained on.
 */
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import type { NdArray } from "./nd-array";

/**
 * Divides images by 255 and returns them as a tensor.
 *
 * Input: (n, height, width, channels) or (n, height, width), values 0 to 255. Output: a float32
 * tensor of the same shape, values in [0, 1]. Each value is the float32 nearest to byte / 255, as
 * in NumPy's float32 division. The caller must dispose of the tensor.
 *
 * The result is typed with four axes by default; use `scale<tf.Tensor3D>(images)` for three. Throws
 * a RangeError if `images` does not have three or four axes.
 */
export function scale<Scaled extends tf.Tensor3D | tf.Tensor4D = tf.Tensor4D>(
  images: NdArray,
): Scaled {
  const { data, shape } = images;
  if (shape.length !== 4 && shape.length !== 3) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`images\` to have 4 axes (n, height, width, channels) or 3 (n, height, width), received ${images}`,
      ),
    );
  }
  // JavaScript divides in float64 and rounds to float32 on storing. For a division, the result
  // equals that of dividing in float32, because float64 has more than twice as many digits.
  const scaled = new Float32Array(data.length);
  for (let index = 0; index < data.length; index++) {
    scaled[index] = data[index]! / 255;
  }
  return tf.tensor(scaled, shape as [number, number, number]) as Scaled;
}
