/**
 * Layers that add normal noise or multiply by it, with noise drawn by TensorFlow; in training only,
 * as in tfjs.
 */
import type {
  GaussianDropoutLayer,
  GaussianNoiseLayer,
} from "../tfjs/layer-internals";
import { tf } from "../tfjs/library";
import { randomNormal } from "./randomness";

interface CallArguments {
  readonly training?: boolean;
}

/** `call` of tfjs's `GaussianNoise`: adds noise with the standard deviation `stddev`. */
export function callGaussianNoise(
  layer: GaussianNoiseLayer,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: CallArguments,
): tf.Tensor {
  return inTraining(layer, inputs, kwargs, (input) =>
    tf.add(input, tf.mul(randomNormal(input.shape), layer.stddev)),
  );
}

/**
 * `call` of tfjs's `GaussianDropout`: multiplies by noise of mean 1 and variance rate / (1 − rate).
 */
export function callGaussianDropout(
  layer: GaussianDropoutLayer,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: CallArguments,
): tf.Tensor {
  const { rate } = layer;
  return inTraining(layer, inputs, kwargs, (input) => {
    if (!(rate > 0 && rate < 1)) return input;
    const deviation = Math.sqrt(rate / (1 - rate));
    return tf.mul(
      input,
      tf.add(tf.mul(randomNormal(input.shape), deviation), 1),
    );
  });
}

/** Applies a function to the input in training, and returns the input otherwise. */
function inTraining(
  layer: Pick<GaussianNoiseLayer, "invokeCallHook">,
  inputs: tf.Tensor | tf.Tensor[],
  { training }: CallArguments,
  change: (input: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    layer.invokeCallHook(inputs, { training });
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    return training === true ? change(input) : input;
  });
}
