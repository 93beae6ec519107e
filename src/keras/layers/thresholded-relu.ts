/**
 * A rectifier with a threshold that can be trained.
 */
import { tf } from "../../engine/tensorflow";
import { withGradient } from "../../engine/tfjs/custom-gradient";
import { registeredClass, registerPart } from "../registered-class";
import { onlyTensor } from "./options";

type Options = NonNullable<Parameters<typeof tf.layers.thresholdedReLU>[0]>;

class KerasThresholdedReLU extends registeredClass<
  new (options: Options) => tf.layers.Layer & { readonly theta: number }
>("ThresholdedReLU") {
  static readonly className = "KerasThresholdedReLU";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      withGradient(
        [onlyTensor(inputs)],
        (x) => {
          const isAbove = tf.cast(tf.greater(x, this.theta), "float32");
          return { value: tf.mul(x, isAbove), saved: [isAbove] };
        },
        (dy, isAbove) => tf.mul(dy, isAbove),
      ),
    );
  }
}

registerPart(KerasThresholdedReLU);

/**
 * Creates a layer that returns x above a threshold, and otherwise 0. tfjs's layer throws when a
 * layer before it is trained.
 *
 * Takes the options of `tf.layers.thresholdedReLU`: `theta` 1, the threshold. Input and output have
 * the shape (n, …). Throws what tfjs throws.
 *
 * Source: Keras 3, `ReLU` with `threshold`; Konda et al. 2015.
 */
export function thresholdedReLU(options: Options = {}): tf.layers.Layer {
  return new KerasThresholdedReLU(options);
}
