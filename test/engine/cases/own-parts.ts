/**
 * Classes of one's own for the parts that layers are given, derived from TensorFlow.js's as a program derives them.
 */
import { tf } from "../../../src/engine";

type Parent = new () => object;

/** TensorFlow.js exports no class of these, but instances; their class's parent is what it asks for. */
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

/** A regularizer, constraint, initializer or activation that does what a function does. */
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
