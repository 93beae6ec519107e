/**
 * Keras-compatible metrics, computed on the tensors of one batch.
 *
 * A Keras metric is an object that accumulates over a whole epoch. A tfjs metric is a function of a
 * batch, and `fit` and `evaluate` average its values, weighted by batch size. For a mean over
 * samples, such as accuracy, both are the same. Precision and recall are ratios of counts, so their
 * average over batches is not the ratio over all samples. On all labels and predictions at once,
 * these functions return what Keras's objects return after an epoch.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { checkCount } from "../check";

/** A metric function for `model.compile`. */
export type Metric = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/**
 * Precision: the share of predicted positives that are positive, from 0 to 1; 0 if none is
 * predicted.
 *
 * `labels` 0 or 1, `predictions` probabilities, both of the same, arbitrary shape; a prediction is
 * positive above 0.5. Returns a scalar for the tensors passed. `tf.metrics.precision` counts only
 * predictions of exactly 1 as positive.
 *
 * Source: Keras 3, `metrics.Precision`.
 */
export const precision: Metric = declarePart(
  function precision(labels, predictions) {
    return tf.tidy(() => {
      const predicted = tf.greater(predictions, 0.5);
      return share(tf.logicalAnd(isPositive(labels), predicted), predicted);
    });
  },
);

/**
 * Recall: the share of positives that are predicted as positive, from 0 to 1; 0 if there are none.
 *
 * `labels` 0 or 1, `predictions` probabilities, both of the same, arbitrary shape; a prediction is
 * positive above 0.5. Returns a scalar for the tensors passed. `tf.metrics.recall` counts only
 * predictions of exactly 1 as positive.
 *
 * Source: Keras 3, `metrics.Recall`.
 */
export const recall: Metric = declarePart(function recall(labels, predictions) {
  return tf.tidy(() => {
    const positive = isPositive(labels);
    const predicted = tf.greater(predictions, 0.5);
    return share(tf.logicalAnd(positive, predicted), positive);
  });
});

function isPositive(labels: tf.Tensor): tf.Tensor {
  return tf.notEqual(labels, tf.zerosLike(labels));
}

/** Returns the number of marks in `found` over that in `all`; 0 if `all` has none. */
function share(found: tf.Tensor, all: tf.Tensor): tf.Tensor {
  const count = (marks: tf.Tensor) => tf.sum(tf.cast(marks, "float32"));
  return tf.divNoNan(count(found), count(all));
}

/**
 * Accuracy for one-hot labels: 1 for each sample whose largest prediction is at its label,
 * otherwise 0.
 *
 * `labels` and `predictions` (n, classes). Output (n,). In Keras the string "accuracy" selects this
 * metric for such labels, with any loss. In tfjs the string selects `binaryAccuracy` for the loss
 * `binaryCrossentropy`, which judges each element separately.
 *
 * Source: Keras 3, `metrics.CategoricalAccuracy`.
 */
export const categoricalAccuracy: Metric = declarePart(
  function categoricalAccuracy(labels, predictions) {
    return tf.tidy(() => {
      const classIndices = tf.argMax(labels, -1);
      return tf.cast(
        tf.equal(classIndices, tf.argMax(predictions, -1)),
        "float32",
      );
    });
  },
);

/**
 * Cosine similarity of labels and predictions, from −1 to 1; 1 is best.
 *
 * `labels` and `predictions` (n, …, d), compared along the last axis. Output (n, …). tfjs's metric
 * "cosine" is a loss and has the opposite sign.
 *
 * Source: Keras 3, `metrics.CosineSimilarity`.
 */
export const cosineSimilarity: Metric = declarePart(
  function cosineSimilarity(labels, predictions) {
    return tf.tidy(() => {
      const length = (x: tf.Tensor) => tf.norm(x, 2, -1, true);
      const unit = (x: tf.Tensor) => tf.divNoNan(x, length(x));
      return tf.sum(tf.mul(unit(labels), unit(predictions)), -1);
    });
  },
);

/**
 * Creates a metric for one-hot labels: 1 for each sample whose label is among the `k` largest
 * predictions, otherwise 0.
 *
 * `k` is 5 by default. The metric takes `labels` and `predictions` (n, classes) and returns (n,).
 * Throws a RangeError (`ERR_INVALID_VALUE`) if `k` is not a positive integer. tfjs's function of
 * this name throws.
 *
 * Source: Keras 3, `metrics.TopKCategoricalAccuracy`.
 */
export function topKCategoricalAccuracy(k = 5): Metric {
  checkCount("k", k);
  return declarePart(function topKCategoricalAccuracy(labels, predictions) {
    return tf.tidy(() =>
      isInTopK(k, tf.argMax<tf.Tensor1D>(labels, -1), predictions),
    );
  });
}

/**
 * Creates a metric for class indices: 1 for each sample whose label is among the `k` largest
 * predictions, otherwise 0.
 *
 * `k` is 5 by default. The metric takes `labels` (n, 1) or (n,) and `predictions` (n, classes), and
 * returns (n,). Throws a RangeError (`ERR_INVALID_VALUE`) if `k` is not a positive integer. tfjs's
 * function of this name throws.
 *
 * Source: Keras 3, `metrics.SparseTopKCategoricalAccuracy`.
 */
export function sparseTopKCategoricalAccuracy(k = 5): Metric {
  checkCount("k", k);
  return declarePart(
    function sparseTopKCategoricalAccuracy(labels, predictions) {
      return tf.tidy(() =>
        isInTopK(k, tf.cast(tf.reshape(labels, [-1]), "int32"), predictions),
      );
    },
  );
}

/**
 * Returns 1 where fewer than `k` predictions are larger than the one at the class in
 * `classIndices`.
 */
function isInTopK(
  k: number,
  classIndices: tf.Tensor1D,
  predictions: tf.Tensor,
): tf.Tensor {
  const classes = predictions.shape.at(-1)!;
  const marks = tf.oneHot(classIndices, classes, 1, 0, "float32");
  const own = tf.sum(tf.mul(marks, predictions), -1, true);
  const larger = tf.sum(tf.cast(tf.greater(predictions, own), "int32"), -1);
  return tf.cast(tf.less(larger, tf.scalar(k, "int32")), "float32");
}
