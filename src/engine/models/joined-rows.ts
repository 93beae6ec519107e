/**
 * Concatenates tensors along their first axis.
 */
import { tf } from "../tfjs/library";
import { dataOf } from "../tfjs/tensor-data";
import { tensorOf } from "../tfjs/tensor-values";

/** Concatenates tensors of the same type along the first axis. Values in JavaScript stay there. */
export function joinedRows(parts: readonly tf.Tensor[]): tf.Tensor {
  const [first] = parts as readonly [tf.Tensor];
  const arrays = parts.map(({ dataId }) => dataOf(dataId)?.values);
  const areLocal = arrays.every((values) => values instanceof Float32Array);
  if (parts.length === 1 || !areLocal) return tf.concat([...parts]);
  const total = arrays.reduce((sum, { length }) => sum + length, 0);
  const joined = new Float32Array(total);
  let begin = 0;
  for (const values of arrays) {
    joined.set(values, begin);
    begin += values.length;
  }
  const rows = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  return tensorOf(joined, [rows, ...first.shape.slice(1)]);
}
