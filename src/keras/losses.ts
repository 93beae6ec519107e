/**
 * Keras-compatible loss functions, `keras.losses`.
 */
import { checkRange } from "../check";
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";

/** A loss function for `model.compile`. */
export type Loss = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/** A loss that was created with settings, which files of Keras contain. */
export interface ConfiguredLoss extends Loss {
  /** Keras's name of the class. */
  readonly className: "CategoricalCrossentropy" | "BinaryCrossentropy";
  readonly settings: Required<CrossentropyOptions>;
}

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

/** Options of {@link categoricalCrossentropy} and {@link binaryCrossentropy}. */
export interface CrossentropyOptions {
  /**
   * Whether predictions are logits, of a last layer without activation, instead of probabilities;
   * false by default.
   */
  readonly fromLogits?: boolean;
  /** The share of each label that is spread over the classes, from 0 to 1; 0 by default. */
  readonly labelSmoothing?: number;
}

/** Keras's epsilon: probabilities are clipped at this distance from 0 and 1. */
const epsilon = 1e-7;

/**
 * Creates a loss for labels of several classes: −Σ label · log(prediction) over the last axis, in
 * nats.
 *
 * Label smoothing s replaces each label y with (1 − s) · y + s / classes: a network then gains
 * nothing from logits that grow without limit (Szegedy et al. 2016, "Rethinking the Inception
 * architecture for computer vision", section 7).
 *
 * The loss takes `labels` (n, …, classes), one-hot or probabilities, and `predictions` of the same
 * shape; its output is (n, …). Probabilities are divided by their sum, and clipped at 1e-7.
 * `options` {@link CrossentropyOptions}: from probabilities, without smoothing.
 *
 * Throws a RangeError (`ERR_INVALID_VALUE`) if `labelSmoothing` is not from 0 to 1. The loss throws
 * an Error (`ERR_SHAPE`) for labels of another shape, such as class indices: as in Keras, they have
 * no label smoothing.
 *
 * Source: Keras 3, `CategoricalCrossentropy`.
 */
export function categoricalCrossentropy(
  options: CrossentropyOptions = {},
): ConfiguredLoss {
  const { fromLogits = false, labelSmoothing = 0 } = options;
  checkRange("labelSmoothing", labelSmoothing, 0, 1);
  const loss: Loss = function categoricalCrossentropy(labels, predictions) {
    return tf.tidy(() => {
      checkShapes(labels, predictions);
      const classes = predictions.shape.at(-1)!;
      const targets = smoothed(labels, labelSmoothing, 1 / classes);
      if (fromLogits) {
        const { softmaxCrossEntropy } = tf.losses;
        const { NONE } = tf.Reduction;
        return softmaxCrossEntropy(targets, predictions, undefined, 0, NONE);
      }
      const sum = tf.sum(predictions, -1, true);
      const shares = clipped(tf.div(predictions, sum));
      return tf.neg(tf.sum(tf.mul(targets, tf.log(shares)), -1));
    });
  };
  const settings = { fromLogits, labelSmoothing };
  return declarePart(
    Object.assign(loss, {
      className: "CategoricalCrossentropy",
      settings,
    } as const),
  );
}

/**
 * Creates a loss for labels 0 and 1: the mean of −label · log(prediction) − (1 − label) · log(1 −
 * prediction) over the last axis, in nats. With label smoothing s, the labels are s / 2 and 1 − s /
 * 2.
 *
 * The loss takes `labels` (n, …, d) and `predictions` of the same shape; its output is (n, …).
 * Probabilities are clipped at 1e-7. `options` {@link CrossentropyOptions}: from probabilities,
 * without smoothing.
 *
 * Throws a RangeError (`ERR_INVALID_VALUE`) if `labelSmoothing` is not from 0 to 1. The loss throws
 * an Error (`ERR_SHAPE`) for labels of another shape.
 *
 * Source: Keras 3, `BinaryCrossentropy`.
 */
export function binaryCrossentropy(
  options: CrossentropyOptions = {},
): ConfiguredLoss {
  const { fromLogits = false, labelSmoothing = 0 } = options;
  checkRange("labelSmoothing", labelSmoothing, 0, 1);
  const loss: Loss = function binaryCrossentropy(labels, predictions) {
    return tf.tidy(() => {
      checkShapes(labels, predictions);
      const targets = smoothed(labels, labelSmoothing, 0.5);
      if (fromLogits) {
        const { sigmoidCrossEntropy } = tf.losses;
        const { NONE } = tf.Reduction;
        return tf.mean(
          sigmoidCrossEntropy(targets, predictions, undefined, 0, NONE),
          -1,
        );
      }
      const shares = clipped(predictions);
      const likelihood = tf.add(
        tf.mul(targets, tf.log(shares)),
        tf.mul(tf.sub(1, targets), tf.log(tf.sub(1, shares))),
      );
      return tf.neg(tf.mean(likelihood, -1));
    });
  };
  const settings = { fromLogits, labelSmoothing };
  return declarePart(
    Object.assign(loss, { className: "BinaryCrossentropy", settings } as const),
  );
}

function smoothed(labels: tf.Tensor, smoothing: number, share: number) {
  const targets = tf.cast(labels, "float32");
  if (smoothing === 0) return targets;
  return tf.add(tf.mul(targets, 1 - smoothing), smoothing * share);
}

function clipped(probabilities: tf.Tensor): tf.Tensor {
  return tf.clipByValue(probabilities, epsilon, 1 - epsilon);
}

function checkShapes(labels: tf.Tensor, predictions: tf.Tensor): void {
  if (tf.util.arraysEqual(labels.shape, predictions.shape)) return;
  throw coded(
    "ERR_SHAPE",
    new Error(
      `Expected labels of the shape of the predictions, [${predictions.shape.join(", ")}], received [${labels.shape.join(", ")}]; class indices have to be converted to one-hot vectors`,
    ),
  );
}
