/**
 * Metrics as Keras computes them, on the tensors of one batch.
 *
 * A metric of Keras is an object that counts over a whole epoch; one of tfjs is a function of a batch, whose values `fit` and
 * `evaluate` average, each batch by its size. For a mean over samples, such as an accuracy, that is the same. Precision and recall are
 * ratios of counts: their average over batches is not the ratio of the whole. Given all labels and predictions at once, the functions
 * here give what Keras's objects give after an epoch.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { checkCount } from "./check";

/** A metric as `model.compile` takes it. */
export type Metric = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/**
 * The share of predicted positives that are positive, from 0 to 1; 0 if none is predicted.
 *
 * `labels` 0 or 1, `predictions` probabilities, any shape, the same for both; a prediction is positive above 0.5. Output a scalar, of
 * the tensors given. Source: Keras 3, `metrics.Precision`. `tf.metrics.precision` takes only predictions of exactly 1 as positive.
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
 * The share of positives that are predicted as such, from 0 to 1; 0 if there are none.
 *
 * `labels` 0 or 1, `predictions` probabilities, any shape, the same for both; a prediction is positive above 0.5. Output a scalar, of
 * the tensors given. Source: Keras 3, `metrics.Recall`. `tf.metrics.recall` takes only predictions of exactly 1 as positive.
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

/** How many of `all` are among `found`; 0 if there are none at all. */
function share(found: tf.Tensor, all: tf.Tensor): tf.Tensor {
  const count = (marks: tf.Tensor) => tf.sum(tf.cast(marks, "float32"));
  return tf.divNoNan(count(found), count(all));
}

/**
 * Accuracy for one-hot labels: 1 for each sample whose largest prediction is at its label, else 0.
 *
 * `labels` and `predictions` (n, classes). Output (n,). Source: Keras 3, `metrics.CategoricalAccuracy`, which the string "accuracy"
 * means for such labels whatever the loss. In tfjs the string means `binaryAccuracy` beside the loss `binaryCrossentropy`: each
 * element judged by itself.
 */
export const categoricalAccuracy: Metric = declarePart(
  function categoricalAccuracy(labels, predictions) {
    return tf.tidy(() => {
      const places = tf.argMax(labels, -1);
      return tf.cast(tf.equal(places, tf.argMax(predictions, -1)), "float32");
    });
  },
);

/**
 * The cosine of the angle between labels and predictions, from −1 to 1; 1 is best.
 *
 * `labels` and `predictions` (n, …, d), taken along the last axis. Output (n, …). Source: Keras 3, `metrics.CosineSimilarity`. tfjs's
 * metric "cosine" has the opposite sign, being a loss.
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
 * A metric for one-hot labels: 1 for each sample whose label is among the `k` largest predictions, else 0.
 *
 * `k` 5 by default. The metric takes `labels` and `predictions` (n, classes); output (n,). Throws a RangeError if `k` is not a whole
 * number above 0. Source: Keras 3, `metrics.TopKCategoricalAccuracy`. tfjs's function of this name throws.
 */
export function topKCategoricalAccuracy(k = 5): Metric {
  checkCount("k", k);
  return declarePart(function topKCategoricalAccuracy(labels, predictions) {
    return tf.tidy(() =>
      among(k, tf.argMax(labels, -1) as tf.Tensor1D, predictions),
    );
  });
}

/**
 * A metric for class numbers: 1 for each sample whose label is among the `k` largest predictions, else 0.
 *
 * `k` 5 by default. The metric takes `labels` (n, 1) or (n,) and `predictions` (n, classes); output (n,). Throws a RangeError if `k` is
 * not a whole number above 0. Source: Keras 3, `metrics.SparseTopKCategoricalAccuracy`. tfjs's function of this name throws.
 */
export function sparseTopKCategoricalAccuracy(k = 5): Metric {
  checkCount("k", k);
  return declarePart(
    function sparseTopKCategoricalAccuracy(labels, predictions) {
      return tf.tidy(() =>
        among(k, tf.cast(tf.reshape(labels, [-1]), "int32"), predictions),
      );
    },
  );
}

/** 1 where fewer than `k` predictions are larger than the one at `places`. */
function among(
  k: number,
  places: tf.Tensor1D,
  predictions: tf.Tensor,
): tf.Tensor {
  const classes = predictions.shape.at(-1)!;
  const marks = tf.oneHot(places, classes, 1, 0, "float32");
  const own = tf.sum(tf.mul(marks, predictions), -1, true);
  const larger = tf.sum(tf.cast(tf.greater(predictions, own), "int32"), -1);
  return tf.cast(tf.less(larger, tf.scalar(k, "int32")), "float32");
}
