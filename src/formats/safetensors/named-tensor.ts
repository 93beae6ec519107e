/**
 * A tensor of a file: its type, its shape and its values.
 */
import { shapeText } from "../../data/shape-text";
import { coded } from "../../notebook/coded-error";

/** The type of the values of a {@link NamedTensor}. */
export type TensorType = "float32" | "int32" | "uint8" | "bool";

/** A tensor of a file. The weights that `getWeights` returns are such tensors. */
export interface NamedTensor {
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  /** The values in row-major order; those of the type bool are 0 and 1 in a Uint8Array. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** The classes of arrays by type. Their names also tell arrays of other contexts. */
const arrays: Readonly<Record<TensorType, string>> = {
  float32: "Float32Array",
  int32: "Int32Array",
  uint8: "Uint8Array",
  bool: "Uint8Array",
};

/** Returns the number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Returns the bytes of a tensor, without copying them. */
export function bytesOf({ data }: NamedTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Checks that a tensor's data match its type and shape. Throws a TypeError (`ERR_INVALID_TYPE`) or
 * RangeError (`ERR_SHAPE`, or `ERR_INVALID_VALUE` for booleans).
 */
export function checkTensor(name: string, tensor: NamedTensor): void {
  const { data, dtype, shape } = tensor;
  const type = (data as Partial<Uint8Array> | undefined)?.[Symbol.toStringTag];
  if (type === undefined || arrays[dtype] !== type) {
    const all = Object.entries(arrays).map((pair) => pair.join(" in a "));
    throw coded(
      "ERR_INVALID_TYPE",
      new TypeError(
        `Expected the tensor ${name} to be ${all.join(", ")}, received ${dtype} in ${type ?? typeof data}`,
      ),
    );
  }
  if (data.length !== sizeOf(shape)) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected ${sizeOf(shape)} values for the tensor ${name} of shape ${shapeText(shape)}, received ${data.length}`,
      ),
    );
  }
  const place = dtype === "bool" ? data.findIndex((value) => value > 1) : -1;
  if (place === -1) return;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected 0 or 1 in the tensor ${name} of type bool, received ${data[place]} at index ${place}`,
    ),
  );
}
