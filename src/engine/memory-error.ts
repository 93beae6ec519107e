/**
 * Converts failed memory allocations of TensorFlow, native steps and JavaScript to one error that
 * names what was too large.
 */
import { coded } from "../notebook/coded-error";
import { count } from "../notebook/quantity";

/** What was to be allocated, as far as it is known. */
export interface Allocation {
  /** Number of values, or shape. */
  readonly shape?: readonly number[];
  readonly dtype?: string;
  readonly bytes?: number;
  /** What the memory is for, such as "the weight kernel"; by default, a tensor or array. */
  readonly purpose?: string;
  /** The layer that is being applied or built. */
  readonly layer?: { readonly name: string } | undefined;
}

/** TensorFlow's names of types whose names differ in TensorFlow.js, and bytes of a value. */
const types: Readonly<Record<string, readonly [name: string, bytes: number]>> =
  {
    float: ["float32", 4],
    int32: ["int32", 4],
    double: ["float64", 8],
    int64: ["int64", 8],
    bool: ["bool", 1],
    uint8: ["uint8", 1],
  };

/** JavaScript's names of arrays, which stack traces contain. */
const arrays: Readonly<Record<string, readonly [name: string, bytes: number]>> =
  {
    Float32Array: ["float32", 4],
    Int32Array: ["int32", 4],
    Float64Array: ["float64", 8],
    Uint8Array: ["uint8", 1],
    ArrayBuffer: ["bytes", 1],
  };

/**
 * Returns the error for an allocation that has failed (`ERR_MEMORY`), with the original one as its
 * cause. Returns other errors, and those that this function has made, unchanged.
 *
 * @param known What is known in addition to the original message.
 */
export function memoryErrorOf(error: unknown, known: Allocation = {}): unknown {
  if (!(error instanceof Error) || made.has(error)) return error;
  const found = allocationIn(error);
  if (found === undefined) return error;
  const result = coded(
    "ERR_MEMORY",
    new Error(
      `Expected memory for ${describe({ ...found, ...known })}, found too little. Try a smaller batch, smaller images or fewer units.`,
      { cause: error },
    ),
  );
  made.add(result);
  return result;
}

/** Returns a method that converts memory errors with {@link memoryErrorOf}. */
export function explainingMemory<
  Method extends (...parameters: never[]) => unknown,
>(method: Method): Method {
  return function (this: unknown, ...parameters: never[]) {
    const explain = (error: unknown): never => {
      throw memoryErrorOf(error);
    };
    try {
      const result = method.apply(this, parameters);
      return result instanceof Promise ? result.catch(explain) : result;
    } catch (error) {
      return explain(error);
    }
  } as Method;
}

/** The errors that were made here. */
const made = new WeakSet<Error>();

/** Returns what an error says about memory; undefined if it is about something else. */
function allocationIn(error: Error): Allocation | undefined {
  const { message } = error;
  const tensor =
    /OOM when allocating tensor with shape\[([\d,]*)\] and type (\w+)/.exec(
      message,
    );
  if (tensor !== null) {
    const [, axes = "", type = ""] = tensor;
    const shape = axes === "" ? [] : axes.split(",").map(Number);
    return sized(shape, types[type] ?? [type, NaN]);
  }
  const native = /^Expected (\d+) bytes of memory for (.+), found/.exec(
    message,
  );
  if (native !== null) {
    return { bytes: Number(native[1]), purpose: native[2]! };
  }
  const length = /^Invalid typed array length: (\d+)$/.exec(message);
  const isAllocation =
    length !== null || /^Array buffer allocation failed$/.test(message);
  if (error instanceof RangeError && isAllocation) {
    const [, name = ""] = /at new (\w+)/.exec(error.stack ?? "") ?? [];
    const array = arrays[name];
    return length === null
      ? array && { dtype: array[0] }
      : sized([Number(length[1])], array ?? ["values", NaN]);
  }
  // RESOURCE_EXHAUSTED (`TF_Code` in tf_status.h), without a tensor.
  return /TF_Status: 8\b|bad_alloc/.test(message) ? {} : undefined;
}

function sized(
  shape: readonly number[],
  [dtype, bytesOfValue]: readonly [name: string, bytes: number],
): Allocation {
  const values = shape.reduce((product, size) => product * size, 1);
  const bytes = values * bytesOfValue;
  return { shape, dtype, ...(Number.isNaN(bytes) ? {} : { bytes }) };
}

function describe(allocation: Allocation): string {
  const { shape, dtype, bytes, purpose, layer } = allocation;
  const axes = shape?.map(count).join(", ");
  const tensor =
    shape === undefined
      ? dtype === undefined
        ? undefined
        : `an array of ${dtype}`
      : `a tensor of shape (${axes}${shape.length === 1 ? "," : ""}), ${dtype}`;
  const what =
    purpose === undefined
      ? (tensor ?? "a tensor or array")
      : tensor === undefined
        ? purpose
        : `${purpose}, ${tensor}`;
  const size = bytes === undefined ? "" : ` (${formatBytes(bytes)})`;
  const where = layer === undefined ? "" : ` in the layer ${layer.name}`;
  return `${what}${size}${where}`;
}

const units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];

/** Formats bytes with decimal units and three digits: 16 TB. */
function formatBytes(bytes: number): string {
  const power = Math.min(
    Math.floor(Math.log10(Math.max(bytes, 1)) / 3),
    units.length - 1,
  );
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
