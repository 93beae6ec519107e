/**
 * Random shifts of images during training.
 */
import { checkCount } from "../check";
import { randomUniform } from "../engine/layers/randomness";
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { indexRow, pickPixels, int32Scalar } from "./pick-pixels";

/** Options of {@link randomShift}, in addition to those of every layer. */
export type RandomShiftOptions = ConstructorParameters<
  typeof tf.layers.Layer
>[0] & {
  /** Maximum shift in pixels, up, down, left or right. */
  readonly pixels: number;
};

/** Shifts each image by whole pixels; in training only. */
class RandomShift extends tf.layers.Layer {
  static readonly className = "RandomShift";
  /** Makes the engine pass a random key to each step. */
  readonly drawsAtRandom = true;
  readonly #pixels: number;

  constructor({ pixels, ...options }: RandomShiftOptions) {
    super(options);
    checkCount("pixels", pixels);
    this.#pixels = pixels;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), pixels: this.#pixels };
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    { training }: { readonly training?: boolean },
  ): tf.Tensor {
    return tf.tidy(() => {
      const given = Array.isArray(inputs) ? inputs[0]! : inputs;
      return training === true ? this.#shift(given as tf.Tensor4D) : given;
    });
  }

  #shift(images: tf.Tensor4D): tf.Tensor {
    const pixels = this.#pixels;
    const [samples, height, width] = images.shape;
    const chance = randomUniform([samples, 2]);
    const drawn = tf.cast(tf.floor(tf.mul(chance, 2 * pixels + 1)), "int32");
    const moves = tf.sub<tf.Tensor2D>(drawn, int32Scalar(pixels));
    const [down, across] = tf.split(moves, 2, 1);
    return pickPixels(
      images,
      reflected(tf.add<tf.Tensor2D>(indexRow(height), down!), height),
      reflected(tf.add<tf.Tensor2D>(indexRow(width), across!), width),
    );
  }
}

/**
 * Reflects indices below 0 or above `length` − 1 at the border: −1 becomes 0, `length` becomes
 * `length` − 1.
 */
function reflected(indices: tf.Tensor2D, length: number): tf.Tensor2D {
  const fromBelow = tf.maximum(indices, tf.sub(int32Scalar(-1), indices));
  return tf.minimum(fromBelow, tf.sub(int32Scalar(2 * length - 1), fromBelow));
}

declarePart(RandomShift);
tf.serialization.registerClass(RandomShift);

/**
 * Creates a layer that shifts each image by a random whole number of pixels from −`pixels` to
 * `pixels`, vertically and horizontally. It draws again in every training step, and does nothing in
 * evaluation and prediction.
 *
 * Pixels that move in at the border are the image's mirror image, with the outermost pixels
 * repeated. Input and output (n, height, width, channels), both sides larger than `pixels`. As a
 * model's first layer it takes `inputShape`. Throws a RangeError (`ERR_INVALID_VALUE`) if `pixels`
 * is not a positive integer.
 */
export function randomShift(options: RandomShiftOptions): tf.layers.Layer {
  return new RandomShift(options);
}
