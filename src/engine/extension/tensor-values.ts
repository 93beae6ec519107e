/**
 * Recognizes tensors and reads their values.
 *
 * A notebook may load several copies of TensorFlow.js. Therefore tensors are recognized by their
 * properties, and only their own methods are called. All intermediate tensors are disposed.
 */
import { type ShownAxis, shownOffsets, sizeOf } from "./tensor-axes";

/** The properties of a tfjs tensor that its display needs. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  /** The name of a variable. */
  readonly name?: unknown;
  /** Whether a variable is trainable. */
  readonly trainable?: unknown;
  data(): Promise<ArrayLike<unknown>>;
  dataSync?(): ArrayLike<unknown>;
  dispose(): void;
  gather?(indices: readonly number[], axis: number): TensorLike;
}

/** The values read from a tensor. */
interface TensorValues {
  /** The shown values, in order; pairs of numbers for complex64. */
  readonly shown: readonly unknown[];
  /** All values, if the tensor was read whole. */
  readonly all: ArrayLike<unknown> | undefined;
}

const TYPES = new Set(["float32", "int32", "bool", "complex64", "string"]);

/**
 * Maximum number of values that are read whole: 4 MiB of float32, which takes a few milliseconds.
 */
const MOST_READ = 2 ** 20;

/** Returns whether a value is a tensor of any copy of TensorFlow.js. */
export function isTensor(value: object): value is TensorLike {
  const tensor = value as Partial<TensorLike> & { readonly dataId?: unknown };
  // The rarest name first: reading a property may run a getter, and no getter of other values
  // should run.
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
 * Reads the shown values, and all values if the tensor is small or `whole` is set.
 *
 * @throws Whatever reading throws, for example because the backend was removed.
 */
export async function readTensor(
  tensor: TensorLike,
  axes: readonly ShownAxis[],
  { whole }: { whole: boolean },
): Promise<TensorValues> {
  const isPaired = tensor.dtype === "complex64";
  // TensorFlow.js cannot gather strings.
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

/** Reads the shown values of a large tensor, gathered by its backend axis by axis. */
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
