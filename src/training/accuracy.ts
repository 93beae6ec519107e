/**
 * The share of samples whose likeliest class is the right one.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";

/**
 * Accuracy for labels that are class numbers: 1 for each sample whose largest prediction is its label's, else 0.
 *
 * `labels` (n, 1), `predictions` (n, classes), probabilities or logits alike. Output (n,). As a metric of a model its name
 * is what the history's curve is called, `accuracy`; tfjs's own string "accuracy" is called `acc` there and, beside a
 * loss of one's own, takes the labels for one-hot vectors.
 */
export function accuracy(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.tidy(() =>
    tf.metrics.sparseCategoricalAccuracy(labels, predictions),
  );
}

declarePart(accuracy);
