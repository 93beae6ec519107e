/**
 * Upsampling of images, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkCount } from "../../check";
import { registeredClass, registerPart } from "../registered-class";
import { resized, type Interpolation } from "./interpolation";
import { onlyTensor } from "./options";

type TfjsOptions = Parameters<typeof tf.layers.upSampling2d>[0];

/** Options of {@link upSampling2d}, in addition to those of every layer. */
export type UpSampling2dOptions = Omit<
  Parameters<typeof tf.layers.upSampling2d>[0],
  "size"
> & {
  /** Factors of height and width, or one for both; 2 by default. */
  readonly size?: number | readonly [number, number];
};

interface UpSampling extends tf.layers.Layer {
  readonly size: number[];
  readonly dataFormat: "channelsFirst" | "channelsLast";
  readonly interpolation: Interpolation;
}

class KerasUpSampling2D extends registeredClass<
  new (options: TfjsOptions) => UpSampling
>("UpSampling2D") {
  static readonly className = "KerasUpSampling2D";

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: object,
  ): tf.Tensor | tf.Tensor[] {
    if (this.interpolation === "nearest") return super.call(inputs, kwargs);
    return tf.tidy(() => {
      const isFirst = this.dataFormat === "channelsFirst";
      const given = onlyTensor(inputs) as tf.Tensor4D;
      const images = isFirst ? tf.transpose(given, [0, 2, 3, 1]) : given;
      const [, height, width] = images.shape;
      const [down, across] = this.size as [number, number];
      const size = [height * down, width * across] as const;
      const larger = resized(images, size, "bilinear");
      return isFirst ? tf.transpose(larger, [0, 3, 1, 2]) : larger;
    });
  }
}

registerPart(KerasUpSampling2D);

/**
 * Creates a layer that enlarges images by integer factors.
 *
 * `options` {@link UpSampling2dOptions}: `size` 2, `interpolation` "nearest" or "bilinear",
 * `dataFormat` "channelsLast". Input (n, height, width, channels), output (n, height · size[0],
 * width · size[1], channels). Throws a RangeError (`ERR_INVALID_VALUE`) if a factor is not a
 * positive integer.
 *
 * tfjs's "bilinear" treats pixels as points, the first at 0: its images are off by a quarter of a
 * pixel at a factor of 2.
 *
 * Source: Keras 3, `UpSampling2D`.
 */
export function upSampling2d(
  options: UpSampling2dOptions = {},
): tf.layers.Layer {
  const { size = 2, ...rest } = options;
  const factors = typeof size === "number" ? [size, size] : [...size];
  for (const factor of factors) checkCount("size", factor);
  return new KerasUpSampling2D({ ...rest, size: factors });
}
