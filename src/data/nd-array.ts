/**
 * Bytes with a shape, what NumPy's uint8 array is to the Python lessons.
 *
 * tfjs has no uint8 type: a tensor made of bytes takes four of them a value. A data set therefore stays in one of
 * these, and becomes a tensor at the moment it is computed with.
 */
import { inspect } from "node:util";
import type { tf } from "../engine/tensorflow";

/**
 * An array of bytes of any number of axes, in row-major order.
 *
 * Shape: as given. Values: whole numbers, 0 to 255. Throws a RangeError if the shape does not hold exactly as many
 * values as `data`.
 */
export class NdArray {
  readonly data: Uint8Array;
  readonly shape: readonly number[];
  readonly dtype = "uint8" as const;

  constructor(data: Uint8Array, shape: readonly number[]) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (shape.some((length) => !Number.isInteger(length) || length < 0)) {
      throw new RangeError(
        `Expected \`shape\` to be a list of whole numbers, received (${shape.join(", ")})`,
      );
    }
    if (data.length !== size) {
      throw new RangeError(
        `Expected \`data\` to hold ${size} values for shape ${shapeText(shape)}, received ${data.length} values`,
      );
    }
    this.data = data;
    this.shape = [...shape];
  }

  /**
   * The part from `begin` up to, not including, `end` along the first axis, as `array[begin:end]` in Python:
   * negative numbers count from the end, and what lies outside the array is left off.
   *
   * The part shares its memory with this array: a value written in one is seen in the other. Throws a RangeError on
   * an array without axes.
   */
  slice(begin: number, end?: number): NdArray {
    const [rows, ...rest] = this.shape;
    if (rows === undefined) {
      throw new RangeError(
        "Expected an array with at least one axis to slice, received shape ()",
      );
    }
    const first = position(begin, rows);
    const last = Math.max(first, position(end ?? rows, rows));
    const rowSize = rest.reduce((product, length) => product * length, 1);
    const part = this.data.subarray(first * rowSize, last * rowSize);
    return new NdArray(part, [last - first, ...rest]);
  }

  /** A tensor of the same shape and values, of type int32 (tfjs has no uint8). The caller disposes of it. */
  tensor(): tf.Tensor {
    const { tf } = loadTensorflow();
    return tf.tensor(Int32Array.from(this.data), [...this.shape], "int32");
  }

  /** Shape and type, such as `(50000, 32, 32, 3) uint8`. */
  toString(): string {
    return `${shapeText(this.shape)} ${this.dtype}`;
  }

  /** What `console.log` and a notebook cell show: shape and type, not 153 million numbers. */
  [inspect.custom](): string {
    return `NdArray ${this.toString()}`;
  }
}

/** Half a second and 200 MB of memory, which whoever only reads data, as `convnotes data` does, need not spend. */
function loadTensorflow() {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import() would make a promise of every tensor
  return require("../engine/tensorflow") as typeof import("../engine/tensorflow");
}

/** Turns an index as Python's slices take it into one between 0 and `length`. */
function position(index: number, length: number): number {
  if (!Number.isInteger(index)) {
    throw new RangeError(
      `Expected an index to be a whole number, received ${index}`,
    );
  }
  return Math.min(Math.max(index < 0 ? index + length : index, 0), length);
}

/** Writes a shape as Python writes a tuple, with its comma when there is one axis only. */
function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
