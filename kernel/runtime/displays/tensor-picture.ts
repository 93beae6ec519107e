/**
 * Tensors that look like images.
 *
 * A tensor looks like a picture if it has the shape and the range of one: height and width, with 1, 3 or 4 channels or
 * none, int32 from 0 to 255 or float32 from 0 to 1. A matrix of weights can look like that too, which does no harm: the
 * picture never takes the place of the values.
 */
import type { Picture } from "./png";

const SMALLEST = 8;
const LARGEST = 1024;

/** What white is, for each type of values that pictures are made of. */
const WHITE: Readonly<Record<string, number | undefined>> = {
  int32: 255,
  float32: 1,
};

/** Whether a tensor could be a picture, as far as can be told without its values. */
export function hasPictureShape(
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

/** The picture that a tensor is; undefined if it is none. */
export function pictureOf(
  shape: readonly number[],
  dtype: string,
  values: ArrayLike<unknown>,
): Picture | undefined {
  const [height = 0, width = 0, channels = 1] = shape;
  const white = WHITE[dtype];
  if (!hasPictureShape(shape, dtype) || white === undefined) return undefined;
  if (!isChannelCount(channels)) return undefined;
  const pixels = new Uint8Array(height * width * channels);
  for (let index = 0; index < pixels.length; index += 1) {
    const value = Number(values[index]);
    // Said this way round, NaN is no pixel either.
    if (!(value >= 0 && value <= white)) return undefined;
    pixels[index] = Math.round((value / white) * 255);
  }
  return { width, height, channels, pixels };
}

function isChannelCount(count: number): count is Picture["channels"] {
  return count === 1 || count === 3 || count === 4;
}
