/**
 * Images of a run, encoded as PNG.
 */
import { checkCount } from "../check";
import { shapeText } from "../data/shape-text";
import { NdArray } from "../data/nd-array";
import { encodePng, type Image } from "../engine/extension/png";
import type { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { mosaic, padWithWhite } from "../plots/mosaic";
import type { EncodedImage } from "./summary-values";

/**
 * Images of shape (height, width), (height, width, channels) or (n, height, width, channels) with
 * 1, 3 or 4 channels: bytes, an int32 tensor with values from 0 to 255, or a float32 tensor with
 * values from 0 to 1. Values outside are clipped.
 */
export type ImageSource = NdArray | tf.Tensor;

/** How images are laid out. */
export interface ImageLayout {
  /**
   * Number of images in a row of one large image; by default, each image stays on its own. Needs 1
   * or 3 channels.
   */
  readonly columns?: number;
}

/** White pixels between the images of a grid. */
const GAP = 2;

/**
 * Encodes images. Throws a RangeError (`ERR_SHAPE`) if the shape is not that of images or there are
 * none.
 */
export function encodeImages(
  source: ImageSource,
  layout: ImageLayout = {},
): EncodedImage[] {
  const { data, shape } = bytesOf(source);
  const { columns } = layout;
  const [count, height, width, channels] = shape;
  if (columns !== undefined) {
    checkCount("columns", columns);
    const rows = Math.ceil(count / columns);
    const images = padWithWhite(new NdArray(data, shape), rows * columns);
    const gaps = { columnGap: GAP, rowGap: GAP };
    const grid = mosaic(images, { rows, columns, ...gaps });
    return [encode({ ...grid, channels: 3 })];
  }
  const size = height * width * channels;
  return Array.from({ length: count }, (_, index) => {
    const pixels = data.subarray(index * size, (index + 1) * size);
    return encode({ width, height, channels, pixels });
  });
}

function encode(image: Image): EncodedImage {
  return { width: image.width, height: image.height, png: encodePng(image) };
}

/** Bytes with the shape of a list of images. */
interface ImageBytes {
  readonly data: Uint8Array;
  readonly shape: [
    count: number,
    height: number,
    width: number,
    channels: Image["channels"],
  ];
}

function bytesOf(source: ImageSource): ImageBytes {
  const given: readonly number[] = source.shape;
  const shape =
    given.length === 2
      ? [1, ...given, 1]
      : given.length === 3
        ? [1, ...given]
        : given;
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const areImages =
    shape.length === 4 &&
    Math.min(count, height, width) > 0 &&
    (channels === 1 || channels === 3 || channels === 4);
  if (!areImages) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected images of shape (height, width), (height, width, channels) or (n, height, width, channels) with 1, 3 or 4 channels, received ${shapeText(given)}`,
      ),
    );
  }
  return {
    data: source instanceof NdArray ? source.data : bytesOfTensor(source),
    shape: [count, height, width, channels],
  };
}

function bytesOfTensor(tensor: tf.Tensor): Uint8Array {
  const values = tensor.dataSync<"float32" | "int32">();
  // Floats are rounded as `tf.image.convert_image_dtype` does. NaN becomes 0.
  return tensor.dtype === "float32"
    ? Uint8Array.from(values, (value) => clipped(value * 255.5))
    : Uint8Array.from(values, clipped);
}

function clipped(value: number): number {
  return Math.max(0, Math.min(255, value));
}
