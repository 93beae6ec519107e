/**
 * A convolution small enough to be checked by hand.
 */
import { tf } from "../engine/tensorflow";
import { checkFinite, sizeOf, type Matrix } from "./number-grid";

/** How a kernel is moved over a picture. */
export interface ConvolveOptions {
  /** How many pixels the kernel is moved at a time, sideways and downwards; 1 unless told. */
  readonly stride?: number;
  /** `"valid"`: only where the whole kernel lies on the picture. `"same"`: zeros are put around it first. `"valid"` unless told. */
  readonly padding?: "valid" | "same";
}

/** Numbers of zeros put around a picture. */
export interface Margins {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * The convolution of a small picture with a small kernel, as a network's layer computes it: the kernel is laid on the
 * picture without being turned round, the products are summed.
 *
 * `input` (height, width), `kernel` (rows, columns), both row by row. Output with padding `"valid"`:
 * ⌊(height − rows) / stride⌋ + 1 rows and likewise for the columns; with `"same"`: ⌈height / stride⌉.
 * Throws a RangeError if a matrix has rows of unequal length or a number that is not finite, if the kernel is larger than
 * the input without padding, if `stride` is no whole number above 0, or `padding` is neither of the two.
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
    throw new RangeError(
      `Expected a kernel of at most ${height} x ${width}, received ${rows} x ${columns}`,
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
 * How many zeros {@link convolve} puts around a picture: none with `"valid"`; with `"same"` as many as the last place of the
 * kernel needs, half of them on each side, the odd one below or at the right.
 *
 * Throws a RangeError if a matrix has rows of unequal length, or for an option that {@link convolve} refuses.
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
  if (!Number.isInteger(stride) || stride < 1) {
    throw new RangeError(
      `Expected \`stride\` to be a whole number above 0, received ${stride}`,
    );
  }
  if (padding !== "valid" && padding !== "same") {
    throw new RangeError(
      `Expected \`padding\` to be "valid" or "same", received ${JSON.stringify(padding)}`,
    );
  }
  return { stride, padding };
}
