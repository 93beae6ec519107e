/**
 * Custom classes for the parts of layers, derived from TensorFlow.js's classes as user programs do.
 */
import { tf } from "../../../src/engine";

type Parent = new () => object;

/**
 * TensorFlow.js exports only instances of these; the parent of their class is the required base
 * class.
 */
const parentOf = (part: object) =>
  Object.getPrototypeOf(part.constructor) as Parent;

const parents = {
  regularizer: parentOf(tf.regularizers.l2()),
  constraint: parentOf(tf.constraints.nonNeg()),
  initializer: parentOf(tf.initializers.zeros()),
  activation: parentOf(
    (
      tf.layers.activation({ activation: "relu" }) as unknown as {
        activation: object;
      }
    ).activation,
  ),
};

/** Creates a regularizer, constraint, initializer or activation from a function. */
export function ownPart(
  kind: keyof typeof parents,
  apply: (value: tf.Tensor) => tf.Tensor,
): never {
  const parent: Parent = parents[kind];
  class OwnPart extends parent {
    static readonly className = `TestOwn-${kind}`;
    apply(value: tf.Tensor): tf.Tensor {
      return tf.tidy(() => apply(value));
    }
    getClassName(): string {
      return OwnPart.className;
    }
    getConfig(): tf.serialization.ConfigDict {
      return {};
    }
  }
  return new OwnPart() as never;
}
