/**
 * Divides the gradient of global max pooling among equal maxima, as Keras does on TensorFlow.
 *
 * tfjs gives each of them the whole gradient, so that it grows with their number. Equal maxima are
 * usual where steps repeat, as in padded texts.
 */
import { withGradient } from "../tfjs/custom-gradient";
import { hookMethod } from "../tfjs/hook";
import { tf } from "../tfjs/library";
import { once } from "../tfjs/once";
import { declarePart } from "./declared-parts";

interface GlobalPooling {
  /** Of pooling over two axes. */
  readonly dataFormat?: "channelsFirst" | "channelsLast";
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: unknown): tf.Tensor;
}

/** Replaces `call` of the layers. */
export const shareGradients = once(() => {
  const layers = [
    // Named, so that the numbers of the user's layers begin at 1.
    tf.layers.globalMaxPooling1d({ name: "unused" }),
    tf.layers.globalMaxPooling2d({ name: "unused" }),
  ];
  for (const layer of layers) {
    const hook = hookMethod(
      Object.getPrototypeOf(layer) as GlobalPooling,
      "call",
      () =>
        function (this: GlobalPooling, inputs) {
          const [input] = [inputs].flat() as [tf.Tensor];
          if (input.rank === 3) return largest(input, [1]);
          const isFirst = this.dataFormat === "channelsFirst";
          return largest(input, isFirst ? [2, 3] : [1, 2]);
        },
    );
    declarePart(hook.wrapper);
  }
});

function largest(input: tf.Tensor, axes: number[]): tf.Tensor {
  return tf.tidy(() =>
    withGradient(
      [input],
      (x) => {
        const value = tf.max(x, axes);
        return { value, saved: [x, value] };
      },
      (dy, ...saved) => {
        const [x, maxima] = saved as [tf.Tensor, tf.Tensor];
        const shape = x.shape.map((length, axis) =>
          axes.includes(axis) ? 1 : length,
        );
        const isLargest = tf.cast(
          tf.equal(x, tf.reshape(maxima, shape)),
          "float32",
        );
        const count = tf.sum(isLargest, axes, true);
        return tf.mul(isLargest, tf.div(tf.reshape(dy, shape), count));
      },
    ),
  );
}
