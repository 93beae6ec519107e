/**
 * Random horizontal flips of images during training.
 */
import { randomUniform } from "../engine/layers/randomness";
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { indexRow, pickPixels, int32Scalar } from "./pick-pixels";

/** Mirrors each image horizontally with probability 1/2; in training only. */
class RandomFlip extends tf.layers.Layer {
  static readonly className = "RandomFlip";
  /** Makes the engine pass a random key to each step. */
  readonly drawsAtRandom = true;

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    { training }: { readonly training?: boolean },
  ): tf.Tensor {
    return tf.tidy(() => {
      const images = (
        Array.isArray(inputs) ? inputs[0]! : inputs
      ) as tf.Tensor4D;
      if (training !== true) return images;
      const [samples, height, width] = images.shape;
      const chance = randomUniform([samples, 1]);
      const isFlipped = tf.cast(tf.less(chance, 0.5), "int32");
      // Column x becomes width − 1 − x.
      const columns = indexRow(width);
      const offset = tf.sub(
        int32Scalar(width - 1),
        tf.mul(columns, int32Scalar(2)),
      );
      return pickPixels(
        images,
        indexRow(height),
        tf.add(columns, tf.mul(isFlipped, offset)),
      );
    });
  }
}

declarePart(RandomFlip);
tf.serialization.registerClass(RandomFlip);

/**
 * Creates a layer that mirrors each image horizontally with probability 1/2. It draws again in
 * every training step, and does nothing in evaluation and prediction.
 *
 * Input and output (n, height, width, channels). As a model's first layer it takes `inputShape`.
 * For images whose class does not depend on the side: animals and cars, not digits.
 */
export function randomFlip(
  options: ConstructorParameters<typeof tf.layers.Layer>[0] = {},
): tf.layers.Layer {
  return new RandomFlip(options);
}
