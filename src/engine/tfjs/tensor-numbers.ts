/**
 * The numbers of tensors in JavaScript, and kept there.
 */
import { backend, type Backend, type DataId, type Values } from "./backend";
import { tf } from "./library";
import { dataOf, moveToJavaScript, type TensorData } from "./tensor-data";

/** The numbers of a tensor, on whichever backend it is. */
export function valuesOf({ dataId }: Pick<tf.Tensor, "dataId">): Values {
  return tf.engine().readSync(dataId) as Values;
}

/** Arrays that nobody else changes: whoever reads such a tensor is given a copy. */
const owned = new WeakSet<Values>();

/** Backends whose `readSync` gives copies. */
const copying = new WeakSet<object>();

function own(values: Values): Values {
  const prototype = Object.getPrototypeOf(backend()) as Backend;
  if (!copying.has(prototype)) {
    copying.add(prototype);
    const { readSync } = prototype;
    prototype.readSync = function (this: Backend, dataId) {
      const read = readSync.call(this, dataId);
      return owned.has(read) ? read.slice() : read;
    };
  }
  owned.add(values);
  return values;
}

/** A float32 tensor of numbers that nobody else has. */
export function tensorOf(
  values: Float32Array,
  shape: readonly number[],
): tf.Tensor {
  return tf.tensor(own(values), [...shape]);
}

/** Of tensors of other types, their numbers as float32. */
const converted = new WeakMap<DataId, Float32Array>();

/**
 * The numbers of a tensor as float32, an array that nobody else changes. The numbers of a float32 tensor are moved there, so that they are held
 * once; TensorFlow gets them again when it needs them.
 */
export function floatsOf(tensor: Pick<tf.Tensor, "dataId">): Float32Array {
  const { dataId } = tensor;
  const here = numbersHere(dataId);
  if (here instanceof Float32Array) return here;
  const data = dataOf(dataId);
  const known = data && converted.get(dataId);
  if (known !== undefined) return known;
  // Of a tensor that was disposed of, tfjs says so.
  const values = valuesOf(tensor);
  if (data && values instanceof Float32Array) {
    // What TensorFlow has is copied for whoever reads it; another backend gives its own array.
    moveToJavaScript(dataId, own(values));
    return values;
  }
  const numbers = Float32Array.from(values);
  converted.set(dataId, numbers);
  return numbers;
}

/** The numbers of a tensor that TensorFlow was not given yet, in an array that nobody else changes; undefined of any other. */
export function numbersHere(dataId: DataId): Values | undefined {
  const data = dataOf(dataId);
  const values = data?.values;
  if (!isValues(values)) return undefined;
  if (owned.has(values)) return values;
  // The array is the user's, who may change it.
  const copy = own(values.slice());
  data!.values = copy;
  return copy;
}

function isValues(values: TensorData["values"] | undefined): values is Values {
  return (
    values instanceof Float32Array ||
    values instanceof Int32Array ||
    values instanceof Uint8Array
  );
}
