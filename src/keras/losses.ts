/**
 * Keras-compatible loss functions.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";

/** A loss function for `model.compile`. */
export type Loss = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/**
 * Hinge loss, the mean of max(0, 1 − label · prediction) over the last axis.
 *
 * `labels` and `predictions` (n, …, d), labels −1 and 1; if all labels are 0 or 1, 0 counts as −1.
 * Output (n, …). In tfjs's "hinge" a label of 0 gives a constant loss of 1, with zero gradient.
 *
 * Source: Keras 3, `losses.hinge`.
 */
export const hinge: Loss = declarePart(function hinge(labels, predictions) {
  return tf.tidy(() => tf.mean(shortfall(labels, predictions), -1));
});

/**
 * Squared hinge loss, the mean of max(0, 1 − label · prediction)² over the last axis.
 *
 * `labels` and `predictions` (n, …, d), labels −1 and 1; if all labels are 0 or 1, 0 counts as −1.
 * Output (n, …). In tfjs's "squaredHinge" a label of 0 gives a constant loss of 1, with zero
 * gradient.
 *
 * Source: Keras 3, `losses.squared_hinge`.
 */
export const squaredHinge: Loss = declarePart(
  function squaredHinge(labels, predictions) {
    return tf.tidy(() =>
      tf.mean(tf.square(shortfall(labels, predictions)), -1),
    );
  },
);

function shortfall(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const sides = tf.cast(labels, "float32");
  const isBinary = tf.all(
    tf.logicalOr(
      tf.equal(sides, tf.zerosLike(sides)),
      tf.equal(sides, tf.onesLike(sides)),
    ),
  );
  // Selected by arithmetic, so that the same operations run for all labels.
  const binary = tf.cast(isBinary, "float32");
  const signs = tf.add(sides, tf.mul(binary, tf.sub(sides, 1)));
  return tf.relu(tf.sub(1, tf.mul(signs, predictions)));
}
