/**
 * Image resizing with Keras's pixel coordinates: pixel i is centered at i + 1 / 2.
 */
import { tf } from "../../engine/tensorflow";

/**
 * Whether a new pixel is interpolated from the two nearest on each axis, or copied from the
 * nearest.
 */
export type Interpolation = "bilinear" | "nearest";

/**
 * Resizes images (n, height, width, channels), float32, to the size [height', width'].
 *
 * Each axis is a product with a matrix, which makes the gradient correct as well. tfjs-node's own
 * operation supports these pixel coordinates, but its gradient does not.
 */
export function resized(
  images: tf.Tensor4D,
  size: readonly [number, number],
  interpolation: Interpolation,
): tf.Tensor4D {
  return tf.tidy(() => {
    const [samples, height, width, channels] = images.shape;
    const [newHeight, newWidth] = size;
    const rows = weights(height, newHeight, interpolation);
    const columns = weights(width, newWidth, interpolation);
    const lines = tf.reshape(images, [samples, height, width * channels]);
    const tall = tf.matMul(repeated(rows, samples), lines);
    const pixels = tf.reshape(tall, [samples * newHeight, width, channels]);
    const wide = tf.matMul(repeated(columns, samples * newHeight), pixels);
    return tf.reshape(wide, [samples, newHeight, newWidth, channels]);
  });
}

function repeated(matrix: tf.Tensor2D, count: number): tf.Tensor3D {
  return tf.tile(tf.expandDims<tf.Tensor3D>(matrix, 0), [count, 1, 1]);
}

/** Returns the matrix (to, from) that resizes a row of pixels. */
function weights(
  from: number,
  to: number,
  interpolation: Interpolation,
): tf.Tensor2D {
  const values = new Float32Array(to * from);
  for (let index = 0; index < to; index += 1) {
    // In float32, as in TensorFlow, so that ties between two pixels are resolved the same way.
    const scale = Math.fround(from / to);
    const position = Math.fround(Math.fround(index + 0.5) * scale);
    if (interpolation === "nearest") {
      const nearest = Math.min(Math.floor(position), from - 1);
      values[index * from + nearest] = 1;
      continue;
    }
    const between = Math.fround(position - 0.5);
    const lower = Math.floor(between);
    const share = Math.fround(between - lower);
    const [first, second] = [lower, lower + 1].map((pixel) =>
      Math.min(Math.max(pixel, 0), from - 1),
    ) as [number, number];
    values[index * from + first]! += 1 - share;
    values[index * from + second]! += share;
  }
  return tf.tensor2d(values, [to, from]);
}
