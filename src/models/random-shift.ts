/**
 * Model room: pictures shifted at random while a model trains.
 */
import { randomUniform } from "../engine/layers/randomness";
import { tf } from "../engine/tensorflow";

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

  /** Widens each picture by its own mirror image and cuts a window of the old size out of it. */
  #shift(pictures: tf.Tensor4D): tf.Tensor {
    const pixels = this.#pixels;
    const [samples, height, width] = pictures.shape;
    const sides: [number, number] = [pixels, pixels];
    const widened = tf.mirrorPad(
      pictures,
      [[0, 0], sides, sides, [0, 0]],
      "reflect",
    );
    const offsets = tf.floor(
      tf.mul(randomUniform([samples, 2]), 2 * pixels + 1),
    );
    // Corners in parts of the widened picture, as cropAndResize takes them; windows of the same size are copied, not resized.
    const last = [height - 1 + 2 * pixels, width - 1 + 2 * pixels];
    const first = tf.div<tf.Tensor2D>(offsets, [last]);
    const size = tf.tensor2d([
      [(height - 1) / last[0]!, (width - 1) / last[1]!],
    ]);
    const boxes = tf.concat2d([first, tf.add<tf.Tensor2D>(first, size)], 1);
    return tf.image.cropAndResize(
      widened,
      boxes,
      tf.range(0, samples, 1, "int32"),
      [height, width],
      "nearest",
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
 * What moves in at the edge is the picture's own mirror image. Input and output (n, height, width, channels), both sides larger than
 * `pixels`. As a model's first layer it takes `inputShape`. Throws a RangeError unless `pixels` is a whole number above 0.
 */
export function randomShift(options: RandomShiftOptions): tf.layers.Layer {
  return new RandomShift(options);
}
