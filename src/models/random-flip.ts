/**
 * Pictures mirrored at random while a model trains.
 */
import { randomUniform } from "../engine/layers/randomness";
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { inOrder, pickPixels, whole } from "./pick-pixels";

/** Mirrors each picture, left to right, with probability 1/2; in training only. */
class RandomFlip extends tf.layers.Layer {
  static readonly className = "RandomFlip";
  /** Tells the engine to give each step a key to draw by. */
  readonly drawsAtRandom = true;

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    { training }: { readonly training?: boolean },
  ): tf.Tensor {
    return tf.tidy(() => {
      const pictures = (
        Array.isArray(inputs) ? inputs[0]! : inputs
      ) as tf.Tensor4D;
      if (training !== true) return pictures;
      const [samples, height, width] = pictures.shape;
      const chance = randomUniform([samples, 1]);
      const isFlipped = tf.cast(tf.less(chance, 0.5), "int32");
      // Column x becomes width − 1 − x.
      const columns = inOrder(width);
      const way = tf.sub(whole(width - 1), tf.mul(columns, whole(2)));
      return pickPixels(
        pictures,
        inOrder(height),
        tf.add(columns, tf.mul(isFlipped, way)),
      );
    });
  }
}

declarePart(RandomFlip);
tf.serialization.registerClass(RandomFlip);

/**
 * A layer that mirrors each picture, left to right, with probability 1/2, anew in every step of training; in evaluation and
 * prediction it does nothing.
 *
 * Input and output (n, height, width, channels). As a model's first layer it takes `inputShape`. For pictures whose class
 * does not depend on the side: animals and cars, not digits.
 */
export function randomFlip(
  options: ConstructorParameters<typeof tf.layers.Layer>[0] = {},
): tf.layers.Layer {
  return new RandomFlip(options);
}
