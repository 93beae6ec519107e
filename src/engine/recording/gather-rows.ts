/**
 * Gathers rows in JavaScript from data that is stored there, so TensorFlow need not receive all
 * data for the sake of one batch.
 */
import type { tf } from "../tfjs/library";
import { dataOf } from "../tfjs/tensor-data";
import { tensorOf } from "../tfjs/tensor-values";

/**
 * Returns the output of a `GatherV2` of rows whose data is in JavaScript. Returns undefined for any
 * other operation, and if an index is out of range.
 */
export function gatherRows(
  name: string,
  [data, rows, axis]: readonly tf.TensorInfo[],
): tf.Tensor | undefined {
  if (name !== "GatherV2" || rows?.shape.length !== 1) return undefined;
  const [values, numbers, along] = [data!, rows, axis!].map(
    ({ dataId }) => dataOf(dataId)?.values,
  );
  if (!(values instanceof Float32Array && numbers instanceof Int32Array)) {
    return undefined;
  }
  if (along?.[0] !== 0) return undefined;
  const [count = 0, ...shape] = data!.shape;
  const size = values.length / count;
  const isThere = (row: number) => row >= 0 && row < count;
  if (!numbers.every(isThere)) return undefined;
  const picked = new Float32Array(numbers.length * size);
  for (const [place, row] of numbers.entries()) {
    picked.set(values.subarray(row * size, (row + 1) * size), place * size);
  }
  return tensorOf(picked, [numbers.length, ...shape]);
}
