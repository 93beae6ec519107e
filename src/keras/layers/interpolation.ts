/**
 * Pictures in another size, with pixels taken as areas: pixel i stands at i + 1 / 2, as in Keras.
 */
import { tf } from "../../engine/tensorflow";

/** How pixels of the new size are found: from the two nearest on each axis, or from the nearest. */
export type Interpolation = "bilinear" | "nearest";

/**
 * Pictures (n, height, width, channels), float32, in the size [height', width'].
 *
 * Each axis is a product with a matrix, so that the gradient is right too: tfjs-node's own operation can take pixels as areas, but its gradient
 * cannot.
 */
export function resized(
  pictures: tf.Tensor4D,
  size: readonly [number, number],
  interpolation: Interpolation,
): tf.Tensor4D {
  return tf.tidy(() => {
    const [samples, height, width, channels] = pictures.shape;
    const [newHeight, newWidth] = size;
    const rows = weights(height, newHeight, interpolation);
    const columns = weights(width, newWidth, interpolation);
    const lines = tf.reshape(pictures, [samples, height, width * channels]);
    const tall = tf.matMul(repeated(rows, samples), lines);
    const pixels = tf.reshape(tall, [samples * newHeight, width, channels]);
    const wide = tf.matMul(repeated(columns, samples * newHeight), pixels);
    return tf.reshape(wide, [samples, newHeight, newWidth, channels]);
  });
}

function repeated(matrix: tf.Tensor2D, count: number): tf.Tensor3D {
  return tf.tile(tf.expandDims<tf.Tensor3D>(matrix, 0), [count, 1, 1]);
}

/** The matrix (to, from) that turns a row of pixels into one of another length. */
function weights(
  from: number,
  to: number,
  interpolation: Interpolation,
): tf.Tensor2D {
  const numbers = new Float32Array(to * from);
  for (let index = 0; index < to; index += 1) {
    // In float32 as TensorFlow has it, so that ties between two pixels fall the same way.
    const scale = Math.fround(from / to);
    const place = Math.fround(Math.fround(index + 0.5) * scale);
    if (interpolation === "nearest") {
      const nearest = Math.min(Math.floor(place), from - 1);
      numbers[index * from + nearest] = 1;
      continue;
    }
    const between = Math.fround(place - 0.5);
    const lower = Math.floor(between);
    const share = Math.fround(between - lower);
    const [first, second] = [lower, lower + 1].map((pixel) =>
      Math.min(Math.max(pixel, 0), from - 1),
    ) as [number, number];
    numbers[index * from + first]! += 1 - share;
    numbers[index * from + second]! += share;
  }
  return tf.tensor2d(numbers, [to, from]);
}
