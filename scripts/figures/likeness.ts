/**
 * How different two images look: both are reduced to the same few pixels, which hide the shapes of
 * letters, and show the curves, cells and boxes.
 */
import { tf } from "../../src/engine/tensorflow";

/** An image: red, green and blue of each pixel, 0 to 255, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** Side of the reduced images, in pixels. */
const side = 64;

/** Largest share by which the sizes of two images of the same exhibit may differ. */
const sizeTolerance = 0.15;

/** Decodes a PNG without transparency. */
export function decode(png: Uint8Array): Pixels {
  const tensor = tf.node.decodePng(png, 3);
  try {
    const [height, width] = tensor.shape;
    return { width, height, values: Uint8Array.from(tensor.dataSync()) };
  } finally {
    tensor.dispose();
  }
}

/**
 * Returns how different two images look: 0 for equal ones, 1 for images with nothing in common.
 *
 * It is the sum of the differences of the reduced images, divided by the mean of what is not white
 * in them; so a moved curve counts as much as a moved image, although it has less ink. Images of
 * different sizes have a difference of 1.
 */
export function difference(one: Pixels, other: Pixels): number {
  const grows = (from: number, to: number) =>
    Math.abs(from - to) > sizeTolerance * Math.min(from, to);
  if (grows(one.width, other.width) || grows(one.height, other.height))
    return 1;
  const [first, second] = [reduced(one), reduced(other)];
  let apart = 0;
  let ink = 0;
  first.forEach((value, index) => {
    apart += Math.abs(value - second[index]!);
    ink += 255 - (value + second[index]!) / 2;
  });
  return ink === 0 ? 0 : Math.min(1, apart / (2 * ink));
}

/** Reduces an image to a square, each pixel the mean of those it covers. */
function reduced(image: Pixels): Float64Array {
  return shrink(image, side, side);
}

/** Returns the means of the areas of a grid over an image, with three values each. */
export function shrink(
  { width, height, values }: Pixels,
  columns: number,
  rows: number,
): Float64Array {
  const result = new Float64Array(rows * columns * 3);
  const vertical = shares(height, rows);
  const horizontal = shares(width, columns);
  vertical.forEach((lines, row) =>
    horizontal.forEach((places, column) => {
      const at = (row * columns + column) * 3;
      for (const [y, tall] of lines)
        for (const [x, wide] of places)
          for (let channel = 0; channel < 3; channel++)
            result[at + channel]! +=
              tall * wide * values[(y * width + x) * 3 + channel]!;
    }),
  );
  return result;
}

/** Returns for each of `count` parts of a length which pixels it covers, and their weights. */
function shares(length: number, count: number): [number, number][][] {
  const part = length / count;
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index * part, (index + 1) * part];
    const found: [number, number][] = [];
    for (let pixel = Math.floor(from); pixel < Math.min(to, length); pixel++) {
      const covered = Math.min(to, pixel + 1) - Math.max(from, pixel);
      if (covered > 0) found.push([pixel, covered / part]);
    }
    return found;
  });
}
