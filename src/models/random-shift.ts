/**
 * Model room: pictures shifted at random while a model trains.
 */
import { randomUniform } from "../engine/layers/randomness";
import { tf } from "../engine/tensorflow";
import { identityTransform, transformPictures } from "./transform-pictures";

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
    const chance = randomUniform([pictures.shape[0], 2]);
    const whole = tf.floor(tf.mul(chance, 2 * pixels + 1));
    const moves = tf.sub<tf.Tensor2D>(whole, pixels);
    const across = [0, 0, 1, 0, 0, 0, 0, 0];
    const down = [0, 0, 0, 0, 0, 1, 0, 0];
    const shifts = tf.matMul(moves, tf.tensor2d([across, down]));
    return transformPictures(
      pictures,
      tf.add(shifts, tf.tensor2d([[...identityTransform]])),
    );
  }
}

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
