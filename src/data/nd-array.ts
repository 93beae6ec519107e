/**
 * Implements an array of bytes with a shape, similar to NumPy's uint8 array.
 *
 * tfjs has no uint8 type: a tensor of bytes takes four bytes per value. A data set therefore stays
 * in NdArrays until it is converted to tensors for computation.
 */
import { inspect } from "node:util";
import type { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { shapeText } from "./shape-text";

/**
 * Array of bytes with any number of axes, in row-major order.
 *
 * Values are integers from 0 to 255. The constructor throws a RangeError if `shape` contains
 * anything but non-negative integers, or does not match the length of `data`.
 */
export class NdArray {
  readonly data: Uint8Array;
  readonly shape: readonly number[];
  readonly dtype = "uint8" as const;

  constructor(data: Uint8Array, shape: readonly number[]) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (shape.some((length) => !Number.isInteger(length) || length < 0)) {
      throw coded(
        "ERR_SHAPE",
        new RangeError(
          `Expected \`shape\` to be a list of non-negative integers, received (${shape.join(", ")})`,
        ),
      );
    }
    if (data.length !== size) {
      throw coded(
        "ERR_SHAPE",
        new RangeError(
          `Expected \`data\` to hold ${size} values for shape ${shapeText(shape)}, received ${data.length} values`,
        ),
      );
    }
    this.data = data;
    this.shape = [...shape];
  }

  /**
   * Returns the rows from `begin` to `end` (exclusive, default: all rows) along the first axis,
   * like `array[begin:end]` in NumPy.
   *
   * Negative indices count from the end, and indices outside the array are clipped. The slice
   * shares memory with this array. Throws a RangeError if the array has no axes or an index is not
   * an integer.
   */
  slice(begin: number, end?: number): NdArray {
    const [rows, ...rest] = this.shape;
    if (rows === undefined) {
      throw coded(
        "ERR_SHAPE",
        new RangeError(
          "Expected an array with at least one axis to slice, received shape ()",
        ),
      );
    }
    const first = position(begin, rows);
    const last = Math.max(first, position(end ?? rows, rows));
    const rowSize = rest.reduce((product, length) => product * length, 1);
    const part = this.data.subarray(first * rowSize, last * rowSize);
    return new NdArray(part, [last - first, ...rest]);
  }

  /** Returns an int32 tensor of the same shape and values. The caller must dispose of it. */
  tensor(): tf.Tensor {
    const { tf } = loadTensorflow();
    return tf.tensor(Int32Array.from(this.data), [...this.shape], "int32");
  }

  /** Returns the shape and type, such as `(50000, 32, 32, 3) uint8`. */
  toString(): string {
    return `${shapeText(this.shape)} ${this.dtype}`;
  }

  /** Shows shape and type in `console.log` and notebook cells, not 153 million values. */
  [inspect.custom](): string {
    return `NdArray ${this.toString()}`;
  }
}

/**
 * Loads TensorFlow on first use.
 *
 * It takes half a second and 200 MB of memory, which callers that only read data, such as
 * `convnotes data`, do not need.
 */
function loadTensorflow() {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import() would make a promise of every tensor
  return require("../engine/tensorflow") as typeof import("../engine/tensorflow");
}

/** Converts a Python slice index to an index from 0 to `length`. */
function position(index: number, length: number): number {
  if (!Number.isInteger(index)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(`Expected an index to be an integer, received ${index}`),
    );
  }
  return Math.min(Math.max(index < 0 ? index + length : index, 0), length);
}
