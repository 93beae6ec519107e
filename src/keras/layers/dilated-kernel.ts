/**
 * Dilated convolution kernels as plain ones, with the zeros inserted.
 *
 * tfjs has no gradient for dilated convolutions, and ignores the dilation of depthwise ones. As
 * plain convolutions both work, with the same results and more multiplications.
 */
import { tf } from "../../engine/tensorflow";

/**
 * Inserts `rates` − 1 rows and columns of zeros between those of a kernel (height, width, in, out).
 * Returns (1 + (height − 1) · rate, …).
 */
export function dilatedKernel(
  kernel: tf.Tensor4D,
  rates: readonly [number, number],
): tf.Tensor4D {
  const [down, across] = rates;
  if (down === 1 && across === 1) return kernel;
  return tf.tidy(() => {
    const [height, width, inputs, outputs] = kernel.shape;
    const split = tf.reshape(kernel, [height, 1, width, 1, inputs * outputs]);
    const rows = withZeros(split, 1, down - 1);
    const wide = withZeros(rows, 3, across - 1);
    const whole = [height * down, width * across, inputs, outputs] as const;
    return tf.slice(
      tf.reshape<tf.Rank.R4>(wide, [...whole]),
      [0, 0, 0, 0],
      [(height - 1) * down + 1, (width - 1) * across + 1, inputs, outputs],
    );
  });
}

function withZeros(x: tf.Tensor, axis: number, count: number): tf.Tensor {
  if (count === 0) return x;
  const shape = [...x.shape];
  shape[axis] = count;
  return tf.concat([x, tf.zeros(shape)], axis);
}
