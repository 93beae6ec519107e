/**
 * Pictures moved by whole pixels, each in its own way.
 */
import { gather } from "../engine/operations/gather";
import { tf } from "../engine/tensorflow";

/**
 * Puts at (y, x) of each picture the pixel that stands at (its row y, its column x).
 *
 * `pictures` (n, height, width, channels); `rows` int32 (n or 1, height), `columns` int32 (n or 1, width), numbers of rows and columns of the
 * picture itself. Pixels are copied, to the bit, whole ones at a time: several times faster than TensorFlow's projective
 * transform, which works out each number by itself. Throws an Error with TensorFlow's message if a number is out of range.
 */
export function pickPixels(
  pictures: tf.Tensor4D,
  rows: tf.Tensor2D,
  columns: tf.Tensor2D,
): tf.Tensor4D {
  const [samples, height, width, channels] = pictures.shape;
  // Pixel (i, y, x) is number (i · height + y) · width + x of the whole.
  const firstRows = tf.mul(tf.transpose(inOrder(samples)), whole(height));
  const lines = tf.mul(tf.add(firstRows, rows), whole(width));
  const places = tf.add(tf.expandDims(lines, 2), tf.expandDims(columns, 1));
  const pixels = tf.reshape(pictures, [-1, channels]);
  const picked = gather(pixels, tf.reshape(places, [-1]));
  return tf.reshape(picked, pictures.shape);
}

/** Numbers from 0 to `length` − 1 as one row, int32 (1, length). */
export function inOrder(length: number): tf.Tensor2D {
  const numbers = Int32Array.from({ length }, (_, index) => index);
  return tf.tensor2d(numbers, [1, length], "int32");
}

/** A whole number as a tensor; a plain one would be taken as float32. */
export function whole(value: number): tf.Scalar {
  return tf.scalar(value, "int32");
}
