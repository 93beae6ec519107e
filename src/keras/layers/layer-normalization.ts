/**
 * Layer normalization that can be trained without scale or center.
 */
import { tf } from "../../engine/tensorflow";
import { registeredClass, registerPart } from "../registered-class";
import { onlyTensor } from "./options";

type Options = NonNullable<Parameters<typeof tf.layers.layerNormalization>[0]>;

interface LayerNormalization extends tf.layers.Layer {
  /** The axes that are normalized, counted from the first, once the layer is built. */
  readonly axis: number[];
  readonly epsilon: number;
  readonly gamma: tf.LayerVariable | null;
  readonly beta: tf.LayerVariable | null;
}

class KerasLayerNormalization extends registeredClass<
  new (options: Options) => LayerNormalization
>("LayerNormalization") {
  static readonly className = "KerasLayerNormalization";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = onlyTensor(inputs);
      const { axis, epsilon, gamma, beta } = this;
      const shape = input.shape.map((length, index) =>
        axis.includes(index) ? length : 1,
      );
      const { mean, variance } = tf.moments(input, axis, true);
      const perDeviation = tf.rsqrt(tf.add(variance, epsilon));
      const normalized = tf.mul(tf.sub(input, mean), perDeviation);
      const scaled =
        gamma === null
          ? normalized
          : tf.mul(normalized, tf.reshape(gamma.read(), shape));
      return beta === null
        ? scaled
        : tf.add(scaled, tf.reshape(beta.read(), shape));
    });
  }
}

registerPart(KerasLayerNormalization);

/**
 * Creates a layer normalization, optionally without scale (gamma) or center (beta). tfjs's layer
 * without one of them throws when it trains.
 *
 * Takes the options of `tf.layers.layerNormalization`, whose defaults are Keras's. Input and output
 * have the shape (n, …). Throws what tfjs throws.
 *
 * Source: Keras 3, `LayerNormalization`; Ba et al. 2016.
 */
export function layerNormalization(options: Options = {}): tf.layers.Layer {
  const { center = true, scale = true } = options;
  return center && scale
    ? tf.layers.layerNormalization(options)
    : new KerasLayerNormalization(options);
}
