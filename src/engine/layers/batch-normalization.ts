/**
 * Batch normalization in training, by TensorFlow's own operation (Ioffe and Szegedy 2015).
 *
 * tfjs composes it and its gradient of about thirty operations over the whole tensor;
 * `FusedBatchNormV3` and its gradient make three passes. Both have float32 accuracy, though
 * oneDNN's mean is slightly less accurate than the composed one. If a whole model's gradient is off
 * by 1e-2, a unit within rounding of zero has fallen on the other side of its relu. That happens
 * with both forms and in Keras: see `test/engine/exactness/batch-normalization.test.ts`. The moving
 * mean and variance are updated as in tfjs and Keras, with the variance of the batch itself,
 * without Bessel's correction.
 */
import { attribute, floatAttribute, typeAttribute } from "../tfjs/attribute";
import { backend } from "../tfjs/backend";
import { withGradient } from "../tfjs/custom-gradient";
import type { BatchNormalizationLayer, Weight } from "../tfjs/layer-internals";
import { tf } from "../tfjs/library";
import { mustCompose } from "../operations/gradients";

/**
 * Whether TensorFlow's operation can replace the layer's call: images with the channels last, in
 * training.
 */
export function canFuse(
  layer: BatchNormalizationLayer,
  inputs: tf.Tensor | tf.Tensor[],
  training: boolean | undefined,
): boolean {
  const input = Array.isArray(inputs) ? inputs[0]! : inputs;
  return (
    training === true &&
    input.rank === 4 &&
    input.dtype === "float32" &&
    (layer.axis === -1 || layer.axis === 3) &&
    layer.gamma != null &&
    layer.beta != null
  );
}

/** `call` of tfjs's `BatchNormalization` if {@link canFuse} holds. */
export function callBatchNormalization(
  layer: BatchNormalizationLayer,
  inputs: tf.Tensor | tf.Tensor[],
): tf.Tensor {
  return tf.tidy(() => {
    const input = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    const { gamma, beta, epsilon, momentum } = layer;
    const { output, mean, variance } = normalize(
      input,
      gamma!.read() as tf.Tensor1D,
      beta!.read() as tf.Tensor1D,
      epsilon,
    );
    move(layer.movingMean, mean, momentum);
    move(layer.movingVariance, variance, momentum);
    return output;
  });
}

function move(weight: Weight, value: tf.Tensor, momentum: number): void {
  const before = weight.read();
  const change = tf.mul(tf.sub(before, value), 1 - momentum);
  weight.write(tf.sub(before, change));
}

function normalize(
  input: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): { output: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor } {
  const shared = [
    typeAttribute("T", "float32"),
    typeAttribute("U", "float32"),
    floatAttribute("epsilon", epsilon),
    attribute("data_format", "NHWC"),
    attribute("is_training", true),
  ];
  let mean: tf.Tensor | undefined;
  let variance: tf.Tensor | undefined;
  const output = withGradient(
    [input, gamma, beta],
    (x, scale, offset) => {
      const none = tf.tensor1d([]);
      const outputs = backend().executeMultipleOutputs(
        "FusedBatchNormV3",
        [...shared, floatAttribute("exponential_avg_factor", 1)],
        [x, scale, offset, none, none],
        6,
      );
      // The fourth and fifth output are the batch's mean and variance; the second and third include
      // Bessel's correction.
      const [value, , , batchMean, batchVariance, reserve] = outputs;
      mean = tf.keep(batchMean!.clone());
      variance = tf.keep(batchVariance!.clone());
      return {
        value: value!,
        saved: [x, scale, batchMean!, batchVariance!, reserve!],
      };
    },
    (dy, ...saved) =>
      mustCompose()
        ? composedGradients(dy, saved[0]!, saved[1]!, epsilon)
        : backend()
            .executeMultipleOutputs(
              "FusedBatchNormGradV3",
              shared,
              [dy, ...saved],
              5,
            )
            .slice(0, 3),
  );
  // They were kept because a scope of tfjs ended in between; the caller's scope now owns the
  // clones.
  const result = {
    output,
    mean: mean!.clone(),
    variance: variance!.clone(),
  };
  mean!.dispose();
  variance!.dispose();
  return result;
}

/**
 * Returns the gradients with respect to x, scale and offset, composed of differentiable tfjs
 * operations. Mean and variance are recomputed from x, because tfjs does not see that the outputs
 * of the forward operation depend on x.
 */
function composedGradients(
  dy: tf.Tensor,
  x: tf.Tensor,
  scale: tf.Tensor,
  epsilon: number,
): tf.Tensor[] {
  const axes = [0, 1, 2];
  const { mean, variance } = tf.moments(x, axes);
  const perDeviation = tf.rsqrt(tf.add(variance, epsilon));
  const normalized = tf.mul(tf.sub(x, mean), perDeviation);
  const weighted = tf.mul(dy, normalized);
  // The part of dy along the mean and along the deviation, which is subtracted below.
  const along = tf.add(
    tf.mean(dy, axes),
    tf.mul(normalized, tf.mean(weighted, axes)),
  );
  const dx = tf.mul(tf.mul(scale, perDeviation), tf.sub(dy, along));
  return [dx, tf.sum(weighted, axes), tf.sum(dy, axes)];
}
