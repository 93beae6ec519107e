/**
 * Evaluation of a model's loss and metrics.
 */
import type { tf } from "../engine/tensorflow";
import { warnOfTraps } from "../engine/models/traps";
import { curveName } from "./curve-name";
import { labelsFor } from "./labels";
import { penalty } from "./penalty";

/** The loss in nats, and each metric by name. */
export interface Evaluation {
  readonly loss: number;
  readonly [metric: string]: number;
}

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** Batch size; 32 by default. */
  readonly batchSize?: number;
  /**
   * Whether the loss includes the penalties of the model's regularizers, as in Keras; false by
   * default.
   */
  readonly withPenalty?: boolean;
}

/**
 * Evaluates a compiled model in inference mode: without dropout and, by default, without penalties,
 * like tfjs.
 *
 * `x` (n, …) inputs, `y` (n, 1) labels. Batches are weighted by size. With the batch size of the
 * training run and without penalty, the results are bit-identical to that run's last validation on
 * the same data. With `withPenalty` the loss is that of Keras's `evaluate`: the loss on the data
 * plus {@link penalty}.
 *
 * Throws an Error if the model is not compiled or a shape does not match.
 */
export function evaluate(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  options: EvaluateOptions = {},
): Evaluation {
  const { batchSize = 32, withPenalty = false } = options;
  warnOfTraps(model);
  const usableLabels = labelsFor(model, y);
  let result: tf.Scalar | tf.Scalar[];
  try {
    result = model.evaluate(x, usableLabels.labels, { batchSize, verbose: 0 });
  } finally {
    usableLabels.dispose();
  }
  const scalars = Array.isArray(result) ? result : [result];
  const values = scalars.map((scalar) => {
    const value = scalar.dataSync()[0]!;
    scalar.dispose();
    return value;
  });
  const evaluation = Object.fromEntries(
    model.metricsNames.map((name, index) => [curveName(name), values[index]!]),
  ) as Evaluation;
  return withPenalty
    ? { ...evaluation, loss: evaluation.loss + penalty(model) }
    : evaluation;
}
