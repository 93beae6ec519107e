/**
 * The types of numbers in safetensors files, and their conversion to those of TensorFlow.js.
 *
 * Every value is converted exactly; what float32 or int32 cannot hold is refused.
 */
import { coded } from "../../notebook/coded-error";
import type { NamedTensor, TensorType } from "./named-tensor";

type Values = Pick<NamedTensor, "dtype" | "data">;

/** A type of numbers: bytes for each, and the conversion of the bytes of a whole tensor. */
interface ElementType {
  readonly bytes: number;
  readonly decode: (bytes: ArrayBuffer) => Values;
}

/** The names of the types that are written. */
export const writtenTypes: Readonly<Record<TensorType, string>> = {
  float32: "F32",
  int32: "I32",
  uint8: "U8",
  bool: "BOOL",
};

/** The types that are read, by their names in files. */
export const elementTypes: Readonly<Record<string, ElementType>> = {
  BOOL: { bytes: 1, decode: booleans },
  U8: { bytes: 1, decode: (bytes) => bytesAs("uint8", new Uint8Array(bytes)) },
  I8: { bytes: 1, decode: (bytes) => integers(new Int8Array(bytes)) },
  I16: { bytes: 2, decode: (bytes) => integers(new Int16Array(bytes)) },
  U16: { bytes: 2, decode: (bytes) => integers(new Uint16Array(bytes)) },
  I32: { bytes: 4, decode: (bytes) => integers(new Int32Array(bytes)) },
  U32: { bytes: 4, decode: (bytes) => integers(new Uint32Array(bytes)) },
  I64: { bytes: 8, decode: (bytes) => integers(new BigInt64Array(bytes)) },
  U64: { bytes: 8, decode: (bytes) => integers(new BigUint64Array(bytes)) },
  F16: {
    bytes: 2,
    decode: (bytes) => floats(Float32Array.from(new Uint16Array(bytes), half)),
  },
  BF16: {
    bytes: 2,
    // The upper half of a float32.
    decode: (bytes) => {
      const bits = Uint32Array.from(
        new Uint16Array(bytes),
        (each) => each << 16,
      );
      return floats(new Float32Array(bits.buffer));
    },
  },
  F32: { bytes: 4, decode: (bytes) => floats(new Float32Array(bytes)) },
  F64: { bytes: 8, decode: (bytes) => floats(exactFloats(bytes)) },
};

function floats(data: Float32Array): Values {
  return { dtype: "float32", data };
}

function bytesAs(dtype: "uint8" | "bool", data: Uint8Array): Values {
  return { dtype, data };
}

function booleans(bytes: ArrayBuffer): Values {
  const data = new Uint8Array(bytes);
  const place = data.findIndex((byte) => byte > 1);
  if (place !== -1) throw inexact("0 or 1", data[place]!, place);
  return bytesAs("bool", data);
}

function integers(given: ArrayLike<number> | ArrayLike<bigint>): Values {
  const data = Int32Array.from(given as ArrayLike<number | bigint>, Number);
  for (let place = 0; place < data.length; place += 1) {
    if (data[place] !== Number(given[place])) {
      throw inexact("an integer of 32 bits", given[place]!, place);
    }
  }
  return { dtype: "int32", data };
}

function exactFloats(bytes: ArrayBuffer): Float32Array {
  const given = new Float64Array(bytes);
  const data = Float32Array.from(given);
  const place = data.findIndex(
    (value, index) => !Object.is(value, given[index]),
  );
  if (place !== -1) throw inexact("a number of float32", given[place]!, place);
  return data;
}

/** Source: IEEE 754, binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function inexact(rule: string, value: number | bigint, place: number): Error {
  return coded(
    "ERR_UNSUPPORTED",
    new RangeError(`Expected ${rule}, received ${value} at index ${place}`),
  );
}
