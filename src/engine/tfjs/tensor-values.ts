/**
 * Access to the values of tensors, stored in JavaScript where possible.
 */
import { backend, type Backend } from "./backend";
import type { TensorData } from "./backend-internals";
import type { DataId, Values } from "./data";
import { tfjsEngine } from "./engine-state";
import { hookMethod } from "./hook";
import { tf } from "./library";
import { once } from "./once";
import { dataOf, moveToJavaScript } from "./tensor-data";

/** Returns the values of a tensor, on any backend. */
export function valuesOf({ dataId }: Pick<tf.Tensor, "dataId">): Values {
  return tf.engine().readSync(dataId) as Values;
}

/** Arrays that no other code may change: reading such a tensor returns a copy. */
const owned = new WeakSet<Values>();

/**
 * Makes the backend's `readSync` return copies of owned arrays. They stay owned while the engine is
 * off.
 */
const copyWhenRead = once(() => {
  hookMethod(
    Object.getPrototypeOf(backend()) as Backend,
    "readSync",
    (readSync) =>
      function (this: Backend, dataId) {
        const read = readSync.call(this, dataId);
        return owned.has(read) ? read.slice() : read;
      },
  );
});

function markOwned(values: Values): Values {
  copyWhenRead();
  owned.add(values);
  return values;
}

/** Creates a float32 tensor from an array that no other code uses. */
export function tensorOf(
  values: Float32Array,
  shape: readonly number[],
): tf.Tensor {
  // `tf.tensor` would check the arguments first, which takes as long as creating the tensor.
  return tfjsEngine().makeTensor(markOwned(values), [...shape], "float32");
}

/** The values of tensors of other types, converted to float32. */
const converted = new WeakMap<DataId, Float32Array>();

/**
 * Returns the values of a tensor as float32, in an array that no other code changes. The values of
 * a float32 tensor are moved there, so they are stored only once; TensorFlow receives them again
 * when it needs them.
 */
export function floatsOf(tensor: Pick<tf.Tensor, "dataId">): Float32Array {
  const { dataId } = tensor;
  const here = localValues(dataId);
  if (here instanceof Float32Array) return here;
  const data = dataOf(dataId);
  const known = data && converted.get(dataId);
  if (known !== undefined) return known;
  // tfjs throws an error if the tensor was disposed of.
  const values = valuesOf(tensor);
  if (data && values instanceof Float32Array) {
    // Values read from TensorFlow are a copy; another backend returns its own array.
    moveToJavaScript(dataId, markOwned(values));
    return values;
  }
  const floats = Float32Array.from(values);
  converted.set(dataId, floats);
  return floats;
}

/**
 * Returns the values of a tensor that TensorFlow has not received yet, in an array that no other
 * code changes; undefined for other tensors.
 */
export function localValues(dataId: DataId): Values | undefined {
  const data = dataOf(dataId);
  const values = data?.values;
  if (!isValues(values)) return undefined;
  if (owned.has(values)) return values;
  // The array belongs to the user, who may change it.
  const copy = markOwned(values.slice());
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
