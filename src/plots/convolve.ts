/**
 * Small convolutions, to check by hand.
 */
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { checkChoice, checkInteger } from "./check-option";
import { checkFinite, sizeOf, type Matrix } from "./number-grid";

/** Options of {@link convolve}. */
export interface ConvolveOptions {
  /** Step of the kernel in pixels, horizontally and vertically; 1 by default. */
  readonly stride?: number;
  /**
   * `"valid"`: only positions where the whole kernel is on the image. `"same"`: the image is padded
   * with zeros first. `"valid"` by default.
   */
  readonly padding?: "valid" | "same";
}

/** Numbers of padding rows and columns around an image. */
export interface Margins {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Convolves a small image with a small kernel, like a network layer: the products are summed at
 * each position, without flipping the kernel.
 *
 * `input` (height, width), `kernel` (rows, columns), both as lists of rows. The output has ⌊(height
 * − rows) / stride⌋ + 1 rows with padding `"valid"`, and ⌈height / stride⌉ with `"same"`; likewise
 * for columns. Throws a RangeError if the rows of a matrix differ in length or a number is not
 * finite, if the kernel is larger than the input without padding, if `stride` is not a positive
 * integer, or if `padding` is unknown.
 */
export function convolve(
  input: Matrix,
  kernel: Matrix,
  options: ConvolveOptions = {},
): number[][] {
  const { stride, padding } = checkOptions(options);
  const [height, width] = sizeOf(input, "input");
  const [rows, columns] = sizeOf(kernel, "kernel");
  checkFinite(input, "input");
  checkFinite(kernel, "kernel");
  if (padding === "valid" && (rows > height || columns > width)) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected a kernel of at most ${height} x ${width}, received ${rows} x ${columns}`,
      ),
    );
  }
  return tf.tidy(() => {
    const result = tf.conv2d(
      tf.tensor4d(input.flat(), [1, height, width, 1]),
      tf.tensor4d(kernel.flat(), [rows, columns, 1, 1]),
      stride,
      padding,
    );
    const [, outputHeight, outputWidth] = result.shape;
    return tf
      .reshape<tf.Rank.R2>(result, [outputHeight, outputWidth])
      .arraySync();
  });
}

/**
 * Returns the padding that {@link convolve} uses: none with `"valid"`; with `"same"` as much as the
 * last kernel position needs, half on each side, with an odd one at the bottom or on the right.
 *
 * Throws a RangeError if the rows of a matrix differ in length, or for an option that
 * {@link convolve} rejects.
 */
export function marginsOf(
  input: Matrix,
  kernel: Matrix,
  options: ConvolveOptions = {},
): Margins {
  const { stride, padding } = checkOptions(options);
  const [height, width] = sizeOf(input, "input");
  const [rows, columns] = sizeOf(kernel, "kernel");
  const missing = (length: number, window: number) =>
    padding === "valid"
      ? 0
      : Math.max(
          0,
          (Math.ceil(length / stride) - 1) * stride + window - length,
        );
  const vertical = missing(height, rows);
  const horizontal = missing(width, columns);
  return {
    top: Math.floor(vertical / 2),
    bottom: Math.ceil(vertical / 2),
    left: Math.floor(horizontal / 2),
    right: Math.ceil(horizontal / 2),
  };
}

function checkOptions(options: ConvolveOptions): Required<ConvolveOptions> {
  const { stride = 1, padding = "valid" } = options;
  checkInteger("stride", stride, 1);
  checkChoice("padding", padding, ["valid", "same"]);
  return { stride, padding };
}
