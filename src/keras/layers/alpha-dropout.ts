/**
 * Alpha dropout for networks of SELUs, compatible with Keras.
 */
import { randomUniform } from "../../engine/layers/randomness";
import { tf } from "../../engine/tensorflow";
import { checkShare } from "../../check";
import { onlyTensor } from "./options";
import { registerPart } from "../registered-class";

/** Options of {@link alphaDropout}, in addition to those of every layer. */
export type AlphaDropoutOptions = ConstructorParameters<
  typeof tf.layers.Layer
>[0] & {
  /** Probability of dropping a unit. */
  readonly rate: number;
};

/** The limit of a SELU for large negative inputs, −λα. */
const lowest = -1.0507009873554805 * 1.6732632423543772;

class KerasAlphaDropout extends tf.layers.Layer {
  static readonly className = "KerasAlphaDropout";
  /** Makes the engine pass a random key to each step. */
  readonly drawsAtRandom = true;
  private readonly rate: number;

  constructor({ rate, ...options }: AlphaDropoutOptions) {
    super(options);
    checkShare("rate", rate);
    this.rate = rate;
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    { training }: { readonly training?: boolean } = {},
  ): tf.Tensor {
    return tf.tidy(() => {
      const input = onlyTensor(inputs);
      const { rate } = this;
      if (training !== true || rate === 0) return input;
      const chance = randomUniform(input.shape);
      const kept = tf.cast(tf.greaterEqual(chance, rate), "float32");
      // A dropped unit becomes `lowest`; in tfjs's layer it becomes `-lowest`. The factor and the
      // offset keep mean 0 and variance 1.
      const dropped = tf.mul(lowest, tf.sub(1, kept));
      const factor = ((1 - rate) * (1 + rate * lowest ** 2)) ** -0.5;
      const mixed = tf.add(tf.mul(input, kept), dropped);
      return tf.add(tf.mul(mixed, factor), -factor * lowest * rate);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}

registerPart(KerasAlphaDropout);

/**
 * Creates a layer that sets random units to the lower limit of a SELU, keeping mean 0 and variance
 * 1. Active in training only.
 *
 * `options` {@link AlphaDropoutOptions}: `rate` from 0 to below 1. Input and output have the shape
 * (n, …). Throws a RangeError (`ERR_INVALID_VALUE`) if `rate` is out of range. tfjs's layer sets
 * dropped units to the negated value, so the mean of the outputs is 1.6 at a rate of 0.5.
 *
 * Source: Keras 3, `AlphaDropout`; Klambauer et al. 2017, "Self-normalizing neural networks".
 */
export function alphaDropout(options: AlphaDropoutOptions): tf.layers.Layer {
  return new KerasAlphaDropout(options);
}
