/**
 * Converts tensors that look like images to images.
 *
 * A tensor looks like an image if it has the shape (height, width) or (height, width, channels)
 * with 1, 3 or 4 channels, and int32 values from 0 to 255 or float32 values from 0 to 1. A weight
 * matrix may match too, which is harmless: the image is always shown together with the values.
 */
import type { Image } from "./png";

const SMALLEST = 8;
const LARGEST = 1024;

/** The value of white, by dtype. */
const WHITE: Readonly<Record<string, number | undefined>> = {
  int32: 255,
  float32: 1,
};

/** Returns whether a tensor has the shape and dtype of an image. */
export function hasImageShape(
  shape: readonly number[],
  dtype: string,
): boolean {
  const [height = 0, width = 0, channels = 1] = shape;
  return (
    (shape.length === 2 || shape.length === 3) &&
    [height, width].every((side) => side >= SMALLEST && side <= LARGEST) &&
    isChannelCount(channels) &&
    WHITE[dtype] !== undefined
  );
}

/**
 * Converts a tensor to an image. Returns undefined if its shape, dtype or values are not those of
 * an image.
 */
export function imageOf(
  shape: readonly number[],
  dtype: string,
  values: ArrayLike<unknown>,
): Image | undefined {
  const [height = 0, width = 0, channels = 1] = shape;
  const white = WHITE[dtype];
  if (!hasImageShape(shape, dtype) || white === undefined) return undefined;
  if (!isChannelCount(channels)) return undefined;
  const pixels = new Uint8Array(height * width * channels);
  for (let index = 0; index < pixels.length; index += 1) {
    const value = Number(values[index]);
    // Negated, so that NaN is rejected too.
    if (!(value >= 0 && value <= white)) return undefined;
    pixels[index] = Math.round((value / white) * 255);
  }
  return { width, height, channels, pixels };
}

function isChannelCount(count: number): count is Image["channels"] {
  return count === 1 || count === 3 || count === 4;
}
