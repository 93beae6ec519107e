/**
 * Keras-compatible activation functions.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { registeredClass, registerPart } from "./registered-class";

/** The name of an activation in the options of tfjs's layers. */
export type ActivationName = NonNullable<
  Parameters<typeof tf.layers.dense>[0]["activation"]
>;

/**
 * Keras's hard sigmoid: 0 below −3, 1 above 3, x / 6 + 1 / 2 in between.
 *
 * `x` may have any shape; the output has the same shape. tfjs's "hardSigmoid" is x / 5 + 1 / 2
 * between −2.5 and 2.5, as in Keras 2.
 *
 * Source: Keras 3, `hard_sigmoid`; Courbariaux et al. 2015.
 */
export const hardSigmoid = declarePart(
  <Given extends tf.Tensor>(x: Given): Given =>
    tf.tidy(() => tf.div(tf.clipByValue(tf.add(x, 3), 0, 6), 6)),
);

/** The base type of tfjs's activation classes. */
type ActivationClass = new () => {
  apply(x: tf.Tensor): tf.Tensor;
};

class KerasHardSigmoid extends registeredClass<ActivationClass>("linear") {
  static readonly className = "kerasHardSigmoid";

  override apply(x: tf.Tensor): tf.Tensor {
    return hardSigmoid(x);
  }
}

registerPart(KerasHardSigmoid);

/**
 * The name of {@link hardSigmoid} in the options of tfjs's layers, as in
 * `tf.layers.dense({ units, activation })`.
 */
export const hardSigmoidName =
  KerasHardSigmoid.className as string as ActivationName;
