/**
 * Pixel gathering for image augmentation.
 */
import { gather } from "../engine/operations/gather";
import { tf } from "../engine/tensorflow";

/**
 * Builds each image from pixels of the same image: position (y, x) gets the pixel at (`rows`[y],
 * `columns`[x]).
 *
 * `images` (n, height, width, channels); `rows` int32 (n or 1, height) and `columns` int32 (n or 1,
 * width) are row and column indices. Whole pixels are copied bit by bit, which is several times
 * faster than TensorFlow's projective transform, which computes each value separately. Throws an
 * Error with TensorFlow's message if an index is out of range.
 */
export function pickPixels(
  images: tf.Tensor4D,
  rows: tf.Tensor2D,
  columns: tf.Tensor2D,
): tf.Tensor4D {
  const [samples, height, width, channels] = images.shape;
  // Pixel (i, y, x) has the index (i · height + y) · width + x in the flattened batch.
  const firstRows = tf.mul(
    tf.transpose(indexRow(samples)),
    int32Scalar(height),
  );
  const lines = tf.mul(tf.add(firstRows, rows), int32Scalar(width));
  const indices = tf.add(tf.expandDims(lines, 2), tf.expandDims(columns, 1));
  const pixels = tf.reshape(images, [-1, channels]);
  const picked = gather(pixels, tf.reshape(indices, [-1]));
  return tf.reshape(picked, images.shape);
}

/** Returns the integers from 0 to `length` − 1 as a row, int32 (1, length). */
export function indexRow(length: number): tf.Tensor2D {
  const values = Int32Array.from({ length }, (_, index) => index);
  return tf.tensor2d(values, [1, length], "int32");
}

/** Creates an int32 scalar; tfjs would convert a plain number to float32. */
export function int32Scalar(value: number): tf.Scalar {
  return tf.scalar(value, "int32");
}
