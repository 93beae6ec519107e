/**
 * Pictures shifted at random while a model trains.
 */
import { randomUniform } from "../engine/layers/randomness";
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { inOrder, pickPixels, whole } from "./pick-pixels";

/** Settings of {@link randomShift}, beside those of every layer. */
export type RandomShiftOptions = ConstructorParameters<
  typeof tf.layers.Layer
>[0] & {
  /** Most pixels by which a picture is shifted, up, down, left or right. */
  readonly pixels: number;
};

/** Shifts each picture by whole pixels; in training only. */
class RandomShift extends tf.layers.Layer {
  static readonly className = "RandomShift";
  /** Tells the engine to give each step a key to draw by. */
  readonly drawsAtRandom = true;
  readonly #pixels: number;

  constructor({ pixels, ...options }: RandomShiftOptions) {
    super(options);
    if (!Number.isInteger(pixels) || pixels < 1) {
      throw new RangeError(
        `Expected \`pixels\` to be a whole number above 0, received ${pixels}`,
      );
    }
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

  #shift(pictures: tf.Tensor4D): tf.Tensor {
    const pixels = this.#pixels;
    const [samples, height, width] = pictures.shape;
    const chance = randomUniform([samples, 2]);
    const drawn = tf.cast(tf.floor(tf.mul(chance, 2 * pixels + 1)), "int32");
    const moves = tf.sub<tf.Tensor2D>(drawn, whole(pixels));
    const [down, across] = tf.split(moves, 2, 1);
    return pickPixels(
      pictures,
      mirrored(tf.add<tf.Tensor2D>(inOrder(height), down!), height),
      mirrored(tf.add<tf.Tensor2D>(inOrder(width), across!), width),
    );
  }
}

/** Numbers below 0 or above `length` − 1 as those of their mirror images: −1 is 0, `length` is `length` − 1. */
function mirrored(numbers: tf.Tensor2D, length: number): tf.Tensor2D {
  const fromBelow = tf.maximum(numbers, tf.sub(whole(-1), numbers));
  return tf.minimum(fromBelow, tf.sub(whole(2 * length - 1), fromBelow));
}

declarePart(RandomShift);
tf.serialization.registerClass(
  RandomShift as unknown as Parameters<
    typeof tf.serialization.registerClass
  >[0],
);

/**
 * A layer that shifts each picture by a whole number of pixels from −`pixels` to `pixels`, down and across, anew in every
 * step of training; in evaluation and prediction it does nothing.
 *
 * What moves in at the edge is the picture's own mirror image, its outermost pixels repeated. Input and output (n, height, width, channels), both sides larger than
 * `pixels`. As a model's first layer it takes `inputShape`. Throws a RangeError unless `pixels` is a whole number above 0.
 */
export function randomShift(options: RandomShiftOptions): tf.layers.Layer {
  return new RandomShift(options);
}
