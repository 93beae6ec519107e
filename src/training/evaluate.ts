/**
 * A trained model's loss and metrics on data it was not trained on.
 */
import type { tf } from "../engine/tensorflow";
import { warnOfTraps } from "../engine/models/traps";
import { curveName } from "./curve-name";
import { labelsFor } from "./labels";
import { penalty } from "./penalty";

/** Loss in nats, and each metric by its name. */
export interface Evaluation {
  readonly loss: number;
  readonly [metric: string]: number;
}

/** What {@link evaluate} can be told. */
export interface EvaluateOptions {
  /** Samples a step; 32 unless told. */
  readonly batchSize?: number;
  /** Whether the loss includes the penalties of the model's regularisers, as in Keras; false unless told. */
  readonly withPenalty?: boolean;
}

/**
 * Evaluates a compiled model in test mode: dropout off, and penalties left out, as tfjs does, unless asked for.
 *
 * `x` (n, …) inputs, `y` (n, 1) labels. Each batch counts by its size. With the batch size of the training run, and
 * without penalty, the numbers equal that run's last validation on the same data, bit by bit. With `withPenalty` the
 * loss is what `evaluate` of Keras gives: the loss on the data plus {@link penalty}.
 * Throws an Error if the model is not compiled or a shape does not fit.
 */
export function evaluate(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  options: EvaluateOptions = {},
): Evaluation {
  const { batchSize = 32, withPenalty = false } = options;
  warnOfTraps(model);
  const usable = labelsFor(model, y);
  let result: tf.Scalar | tf.Scalar[];
  try {
    result = model.evaluate(x, usable.labels, { batchSize, verbose: 0 });
  } finally {
    usable.free();
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
