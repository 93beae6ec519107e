/**
 * Upsampling of pictures as Keras has it.
 */
import { tf } from "../../engine/tensorflow";
import { checkCount } from "../check";
import { registeredClass, registerPart } from "../registered-class";
import { resized, type Interpolation } from "./interpolation";
import { onlyTensor } from "./options";

type TfjsOptions = Parameters<typeof tf.layers.upSampling2d>[0];

/** Settings of {@link upSampling2d}, beside those of every layer. */
export type UpSampling2dOptions = Omit<TfjsOptions, "size"> & {
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
      const pictures = isFirst ? tf.transpose(given, [0, 2, 3, 1]) : given;
      const [, height, width] = pictures.shape;
      const [down, across] = this.size as [number, number];
      const size = [height * down, width * across] as const;
      const larger = resized(pictures, size, "bilinear");
      return isFirst ? tf.transpose(larger, [0, 3, 1, 2]) : larger;
    });
  }
}

registerPart(KerasUpSampling2D);

/**
 * A layer that makes pictures larger by whole factors.
 *
 * `options` {@link UpSampling2dOptions}: `size` 2, `interpolation` "nearest" or "bilinear", `dataFormat` "channelsLast". Input (n, height, width,
 * channels), output (n, height · size[0], width · size[1], channels). Throws a RangeError if a factor is not a whole number above 0. Source: Keras 3,
 * `UpSampling2D`. tfjs's "bilinear" takes pixels as points with the first at 0: its pictures are off by a quarter of a pixel at a factor of 2.
 */
export function upSampling2d(
  options: UpSampling2dOptions = {},
): tf.layers.Layer {
  const { size = 2, ...rest } = options;
  const factors = typeof size === "number" ? [size, size] : [...size];
  for (const factor of factors) checkCount("size", factor);
  return new KerasUpSampling2D({ ...rest, size: factors });
}
