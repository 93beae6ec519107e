/**
 * The accuracy metric.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";

/**
 * Accuracy for class indices as labels: 1 for each sample whose largest prediction is at its label,
 * otherwise 0.
 *
 * `labels` (n, 1), `predictions` (n, classes), probabilities or logits. Output (n,). As a metric of
 * a model, the function's name becomes the name of the curve in the history, `accuracy`. With
 * tfjs's own string "accuracy" the curve is called `acc`, and with a custom loss the labels are
 * treated as one-hot vectors.
 */
export function accuracy(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.tidy(() =>
    tf.metrics.sparseCategoricalAccuracy(labels, predictions),
  );
}

declarePart(accuracy);
