/**
 * A tensor of a file: its type, its shape and its values.
 */

/** The types of values, with their names in safetensors files and the arrays that hold them. */
interface Arrays {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly uint8: Uint8Array;
  readonly bool: Uint8Array;
}

/** The type of the values of a {@link NamedTensor}. */
export type TensorType = keyof Arrays;

/** A tensor of a file. */
export interface NamedTensor<Type extends TensorType = TensorType> {
  readonly dtype: Type;
  readonly shape: readonly number[];
  /** The values in row-major order; those of the type bool are 0 and 1. */
  readonly data: Arrays[Type];
}

/** Returns the number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Returns the bytes of an array, without copying them. */
export function bytesOf(data: Arrays[TensorType]): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
