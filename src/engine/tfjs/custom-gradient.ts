/**
 * Values with a gradient of their own, where tfjs has none or another.
 */
import { tf } from "./library";

/** A value, and the tensors that its gradient needs. */
export interface SavedValue {
  readonly value: tf.Tensor;
  readonly saved: tf.Tensor[];
}

/**
 * Returns a value that tfjs differentiates with a given gradient.
 *
 * @param inputs The tensors that the value depends on.
 * @param compute Returns the value of the inputs.
 * @param gradient Returns the gradients of the inputs; receives that of the value and what
 *   `compute` has saved.
 */
export function withGradient<Inputs extends tf.Tensor[]>(
  inputs: Inputs,
  compute: (...inputs: Inputs) => SavedValue,
  gradient: (dy: tf.Tensor, ...saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): tf.Tensor {
  const differentiable = tf.customGrad((...parameters) => {
    // The last one is a function that keeps tensors for the gradient.
    const save = parameters.pop() as unknown as (tensors: tf.Tensor[]) => void;
    const { value, saved } = compute(...(parameters as Inputs));
    save(saved);
    return {
      value,
      gradFunc: (dy: tf.Tensor | tf.Tensor[], kept: tf.Tensor[]) =>
        gradient(dy as tf.Tensor, ...kept),
    };
  });
  return differentiable(...inputs);
}
