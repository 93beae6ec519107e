/**
 * Convolution with gaps: the kernel is spread with zeros, and the convolution itself has none.
 *
 * tfjs has no gradient of a convolution with gaps, and leaves the gaps of a depthwise one out. Spread, both are plain
 * convolutions; the numbers are the same, for more multiplications.
 */
import { tf } from "../../engine/tensorflow";

/**
 * A kernel (height, width, in, out) with `rates` − 1 rows and columns of zeros between its own, (1 + (height − 1) · rate, …).
 */
export function dilatedKernel(
  kernel: tf.Tensor4D,
  rates: readonly [number, number],
): tf.Tensor4D {
  const [down, across] = rates;
  if (down === 1 && across === 1) return kernel;
  return tf.tidy(() => {
    const [height, width, inputs, outputs] = kernel.shape;
    const apart = tf.reshape(kernel, [height, 1, width, 1, inputs * outputs]);
    const rows = withZeros(apart, 1, down - 1);
    const spread = withZeros(rows, 3, across - 1);
    const whole = [height * down, width * across, inputs, outputs] as const;
    return tf.slice(
      tf.reshape(spread, [...whole]) as tf.Tensor4D,
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
