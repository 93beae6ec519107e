/**
 * The part of `model.json` that says which weights are in which files.
 */
import path from "node:path";
import { coded } from "../../notebook/coded-error";

/** The type, shape and name of a weight; files of TensorFlow.js may have quantized ones. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool" | "complex64";
  readonly quantization?: {
    readonly min?: number;
    readonly scale?: number;
    readonly dtype: "uint8" | "uint16" | "float16";
  };
  readonly group?: "model" | "optimizer";
}

/** Weights that are stored one after another, in one file or several. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

/** Sizes in bytes of a value. */
const sizes: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
};
const quantizedSizes: Readonly<Record<string, number>> = {
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/**
 * Checks a manifest.
 *
 * Throws an Error (`ERR_FILE_FORMAT`) that names `file`, and the first weight or path that is not
 * valid: a type or shape that no tensor has, a name that two weights have, a path outside of the
 * folder.
 */
export function readManifest(given: unknown, file: string): WeightGroup[] {
  const names = new Set<string>();
  if (!Array.isArray(given)) {
    throw damaged(file, "a list as weightsManifest", given);
  }
  for (const group of given as unknown[]) {
    const { paths, weights } = (group ?? {}) as Partial<WeightGroup>;
    if (!Array.isArray(paths) || !Array.isArray(weights)) {
      throw damaged(file, "paths and weights in weightsManifest", group);
    }
    for (const each of paths as unknown[]) {
      if (isInside(each)) continue;
      throw damaged(file, "weightsManifest to name files in its folder", each);
    }
    for (const weight of weights as unknown[]) {
      if (!isSpec(weight)) {
        throw damaged(file, "weights with a name, shape and type", weight);
      }
      if (names.has(weight.name)) {
        throw damaged(file, "weights of different names", weight.name);
      }
      names.add(weight.name);
    }
  }
  return given as WeightGroup[];
}

/** Returns the number of bytes of weights. */
export function bytesIn(weights: readonly WeightSpec[]): number {
  return weights.reduce((sum, { shape, dtype, quantization }) => {
    const size = quantization
      ? quantizedSizes[quantization.dtype]!
      : sizes[dtype]!;
    return sum + size * shape.reduce((product, length) => product * length, 1);
  }, 0);
}

function isSpec(given: unknown): given is WeightSpec {
  const { name, shape, dtype, quantization } = (given ??
    {}) as Partial<WeightSpec>;
  return (
    typeof name === "string" &&
    Array.isArray(shape) &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0) &&
    Object.hasOwn(sizes, String(dtype)) &&
    (quantization === undefined ||
      Object.hasOwn(quantizedSizes, String(quantization?.dtype)))
  );
}

function isInside(given: unknown): boolean {
  return (
    typeof given === "string" &&
    given !== "" &&
    !path.isAbsolute(given) &&
    path.normalize(given).split(path.sep)[0] !== ".."
  );
}

function damaged(file: string, rule: string, received: unknown): Error {
  const text = JSON.stringify(received) ?? "none";
  const short = text.length > 100 ? `${text.slice(0, 97)}...` : text;
  return coded(
    "ERR_FILE_FORMAT",
    new Error(`Expected ${rule} in ${file}, received ${short}`),
  );
}
