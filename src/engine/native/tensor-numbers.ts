/**
 * The numbers of tensors as native programs read them.
 */
import type { DataId, Values } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import { dataOf, moveToJavaScript } from "../tfjs/tensor-data";

/** The numbers of a tensor, on whichever backend it is. */
export function valuesOf({ dataId }: tf.Tensor): Values {
  return tf.engine().readSync(dataId) as Values;
}

const floats = new WeakMap<DataId, Float32Array>();

/**
 * The numbers of a tensor as float32, an array that nobody else changes. The numbers of a float32 tensor are moved there, so that they are held
 * once; TensorFlow gets them again when it needs them.
 */
export function floatsOf(tensor: tf.Tensor): Float32Array {
  const { dataId } = tensor;
  // Of a tensor that was disposed of, tfjs says so.
  const known = dataOf(dataId) && floats.get(dataId);
  if (known !== undefined) return known;
  const values = valuesOf(tensor);
  // An array that was not given to TensorFlow yet is still the user's, who may change it.
  const made = Float32Array.from(values);
  if (values instanceof Float32Array) moveToJavaScript(dataId, made);
  floats.set(dataId, made);
  return made;
}
