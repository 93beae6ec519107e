/**
 * Selects rows of an array by index.
 */
import { coded } from "../notebook/coded-error";
import { NdArray } from "./nd-array";

/**
 * Copies the rows at `indices` along the first axis, in that order, like `array[indices]` in NumPy.
 *
 * Output: shape (indices.length, …). Indices may repeat. Throws a RangeError if an index is
 * negative or outside the array, or if the array has no axes.
 */
export function take(array: NdArray, indices: readonly number[]): NdArray {
  const [rows, ...shape] = array.shape;
  if (rows === undefined) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        "Expected an array with at least one axis to take rows from, received shape ()",
      ),
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const data = new Uint8Array(indices.length * size);
  indices.forEach((index, row) => {
    if (!Number.isInteger(index) || index < 0 || index >= rows) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected indices from 0 to ${rows - 1}, received ${index}`,
        ),
      );
    }
    data.set(array.data.subarray(index * size, (index + 1) * size), row * size);
  });
  return new NdArray(data, [indices.length, ...shape]);
}
