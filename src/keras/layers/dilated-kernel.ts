/**
 * Dilated convolution kernels as plain ones, with the zeros inserted.
 *
 * tfjs has no gradient for dilated convolutions, and ignores the dilation of depthwise ones. As
 * plain convolutions both work, with the same results and more multiplications.
 */
import { tf } from "../../engine/tensorflow";

/** Whether any rate of a dilation, 1 by default, is not 1. */
export function isDilated(
  dilationRate: number | readonly number[] | undefined,
): boolean {
  return [dilationRate ?? 1].flat().some((rate) => rate !== 1);
}

/**
 * Inserts `rates` − 1 zeros between the positions of a kernel (…, in, out), along each axis but the
 * last two. An axis of length n has 1 + (n − 1) · rate positions in the result.
 */
export function dilatedKernel<Kernel extends tf.Tensor>(
  kernel: Kernel,
  rates: readonly number[],
): Kernel {
  return tf.tidy(() =>
    rates.reduce<tf.Tensor>(
      (dilated, rate, axis) => withZeros(dilated, axis, rate),
      kernel,
    ),
  ) as Kernel;
}

/** Inserts `rate` − 1 zeros after each position of an axis but the last. */
function withZeros(x: tf.Tensor, axis: number, rate: number): tf.Tensor {
  if (rate === 1) return x;
  const length = x.shape[axis]!;
  const before = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const after = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const rows = tf.reshape(x, [before, length, 1, after]);
  const zeros = tf.zeros([before, length, rate - 1, after]);
  const all = tf.reshape<tf.Rank.R3>(tf.concat([rows, zeros], 2), [
    before,
    length * rate,
    after,
  ]);
  const shape = [...x.shape];
  shape[axis] = (length - 1) * rate + 1;
  return tf.reshape(
    tf.slice(all, [0, 0, 0], [before, shape[axis], after]),
    shape,
  );
}
