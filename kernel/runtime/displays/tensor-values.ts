/**
 * What a tensor is, told by its looks, and its values, borrowed and given back.
 *
 * The kernel does not import TensorFlow.js, and a notebook may hold several copies of it: a tensor is what has a
 * tensor's properties, and only its own methods are called. Every tensor made on the way is disposed of.
 */
import { type ShownAxis, shownOffsets, sizeOf } from "./tensor-axes";

/** The part of a tfjs tensor that showing it takes. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  /** A variable's name. */
  readonly name?: unknown;
  /** Whether training changes it; variables only. */
  readonly trainable?: unknown;
  data(): Promise<ArrayLike<unknown>>;
  dispose(): void;
  gather?(indices: readonly number[], axis: number): TensorLike;
}

/** Values that were read. */
export interface TensorValues {
  /** Those to be shown, in order; pairs of numbers for complex64. */
  readonly shown: readonly unknown[];
  /** All of them, if there was no need to leave some behind. */
  readonly all: ArrayLike<unknown> | undefined;
}

const TYPES = new Set(["float32", "int32", "bool", "complex64", "string"]);

/** A tensor with more values than these is not read whole; as float32 they are 4 MiB, read in a few milliseconds. */
const MOST_READ = 2 ** 20;

/** Tells a tensor, whichever copy of TensorFlow.js it comes from. */
export function isTensor(value: object): value is TensorLike {
  const tensor = value as Partial<TensorLike> & { readonly dataId?: unknown };
  // The rarest name first: to ask for a property may run a getter, and of a value that is no tensor none should run.
  return (
    typeof tensor.dataId === "object" &&
    TYPES.has(tensor.dtype as string) &&
    Array.isArray(tensor.shape) &&
    tensor.shape.every((length) => Number.isInteger(length) && length >= 0) &&
    typeof tensor.isDisposed === "boolean" &&
    typeof tensor.data === "function" &&
    typeof tensor.dispose === "function"
  );
}

/**
 * Reads the values to be shown, and all of them where that is as cheap or where `whole` asks for it.
 *
 * @throws What reading throws, such as a backend that is gone.
 */
export async function readTensor(
  tensor: TensorLike,
  axes: readonly ShownAxis[],
  { whole }: { whole: boolean },
): Promise<TensorValues> {
  const isPaired = tensor.dtype === "complex64";
  // TensorFlow.js gathers no strings.
  const gathers =
    typeof tensor.gather === "function" && tensor.dtype !== "string";
  if (!whole && gathers && sizeOf(tensor.shape) > MOST_READ) {
    const values = await readGathered(tensor, axes);
    const count = axes.reduce((size, { indices }) => size * indices.length, 1);
    const offsets = Array.from({ length: count }, (_, index) => index);
    return { shown: pick(values, offsets, isPaired), all: undefined };
  }
  const all = await tensor.data();
  const offsets = shownOffsets(tensor.shape, axes);
  return { shown: pick(all, offsets, isPaired), all };
}

/** Reads what is shown of a big tensor, cut out by its own backend, axis by axis. */
async function readGathered(
  tensor: TensorLike,
  axes: readonly ShownAxis[],
): Promise<ArrayLike<unknown>> {
  let part = tensor;
  try {
    axes.forEach(({ indices, gap }, axis) => {
      if (gap === undefined) return;
      const smaller = part.gather?.(indices, axis) ?? part;
      if (part !== tensor) part.dispose();
      part = smaller;
    });
    return await part.data();
  } finally {
    if (part !== tensor) part.dispose();
  }
}

function pick(
  values: ArrayLike<unknown>,
  offsets: readonly number[],
  isPaired: boolean,
): unknown[] {
  return offsets.map((offset) =>
    isPaired ? [values[2 * offset], values[2 * offset + 1]] : values[offset],
  );
}
