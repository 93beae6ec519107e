/**
 * Dropout for networks of SELUs, as Keras has it.
 */
import { randomUniform } from "../../engine/layers/randomness";
import { tf } from "../../engine/tensorflow";
import { checkShare } from "../check";
import { onlyTensor } from "./options";
import { registerPart } from "../registered-class";

/** Settings of {@link alphaDropout}, beside those of every layer. */
export type AlphaDropoutOptions = ConstructorParameters<
  typeof tf.layers.Layer
>[0] & {
  /** Probability with which a unit is dropped. */
  readonly rate: number;
};

/** What a SELU gives far below zero, −λα. */
const lowest = -1.0507009873554805 * 1.6732632423543772;

class KerasAlphaDropout extends tf.layers.Layer {
  static readonly className = "KerasAlphaDropout";
  /** Tells the engine to give each step a key to draw by. */
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
      // A dropped unit gives `lowest`; tfjs's layer gives its opposite. Factor and offset keep mean 0 and variance 1.
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
 * A layer that sets units to what a SELU gives far below zero, and keeps a mean of 0 and a variance of 1; in training only.
 *
 * `options` {@link AlphaDropoutOptions}: `rate`, from 0 to below 1. Input and output (n, …). Throws a RangeError if `rate` is out of its range. Source:
 * Keras 3, `AlphaDropout`; Klambauer et al. 2017, "Self-normalizing neural networks". tfjs's layer gives dropped units the opposite value, so that at a rate of
 * 0.5 the outputs' mean is 1.6.
 */
export function alphaDropout(options: AlphaDropoutOptions): tf.layers.Layer {
  return new KerasAlphaDropout(options);
}
