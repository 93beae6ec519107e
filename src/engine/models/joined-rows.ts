/**
 * The rows of several tensors in one.
 */
import { tf } from "../tfjs/library";
import { dataOf } from "../tfjs/tensor-data";
import { tensorOf } from "../tfjs/tensor-numbers";

/** Tensors of the same type, one below the other. Numbers that are in JavaScript stay there. */
export function joinedRows(parts: readonly tf.Tensor[]): tf.Tensor {
  const [first] = parts as readonly [tf.Tensor];
  const numbers = parts.map(({ dataId }) => dataOf(dataId)?.values);
  const areHere = numbers.every((values) => values instanceof Float32Array);
  if (parts.length === 1 || !areHere) return tf.concat([...parts]);
  const total = numbers.reduce((sum, { length }) => sum + length, 0);
  const joined = new Float32Array(total);
  let begin = 0;
  for (const values of numbers) {
    joined.set(values, begin);
    begin += values.length;
  }
  const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return tensorOf(joined, [rows, ...first.shape.slice(1)]);
}
