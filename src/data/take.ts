/**
 * Chosen pictures or labels.
 */
import { NdArray } from "./nd-array";

/**
 * Copies the rows at `places` along the first axis, in that order, as `array[places]` does in NumPy.
 *
 * Output: shape (places, …). A place may occur more than once. Throws a RangeError for a place outside the array, and on an array without axes.
 */
export function take(array: NdArray, places: readonly number[]): NdArray {
  const [rows, ...shape] = array.shape;
  if (rows === undefined) {
    throw new RangeError(
      "Expected an array with at least one axis to take rows from, received shape ()",
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const data = new Uint8Array(places.length * size);
  places.forEach((place, index) => {
    if (!Number.isInteger(place) || place < 0 || place >= rows) {
      throw new RangeError(
        `Expected places from 0 to ${rows - 1}, received ${place}`,
      );
    }
    data.set(
      array.data.subarray(place * size, (place + 1) * size),
      index * size,
    );
  });
  return new NdArray(data, [places.length, ...shape]);
}
