/**
 * Converts labels to one-hot vectors.
 */
import { checkCount } from "../check";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import type { NdArray } from "./nd-array";

/**
 * Converts each label to a vector that is 1 at the label's index and 0 elsewhere, like Keras'
 * `to_categorical`.
 *
 * Input: labels of shape (n,) or (n, 1). Output: a float32 tensor of shape (n, classes), which the
 * caller must dispose of. Throws a RangeError (ERR_SHAPE or ERR_INVALID_VALUE) if there is more
 * than one label per row, if `classes` is not a positive integer, or if a label is not less than
 * `classes`.
 */
export function oneHot(labels: NdArray, classes: number): tf.Tensor2D {
  checkCount("classes", classes);
  const { data, shape } = labels;
  const [rows = 0] = shape;
  if (data.length !== rows || shape.length === 0) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`labels\` to have one label per row, received ${labels}`,
      ),
    );
  }
  const vectors = new Float32Array(rows * classes);
  data.forEach((label, row) => {
    if (label >= classes) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected labels from 0 to ${classes - 1}, received ${label} in row ${row}`,
        ),
      );
    }
    vectors[row * classes + label] = 1;
  });
  return tf.tensor2d(vectors, [rows, classes]);
}
