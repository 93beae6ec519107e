/**
 * Training room: a trained model's loss and metrics on data it was not trained on.
 */
import type { tf } from "../engine/tensorflow";
import { curveName } from "./curve-name";

/** Loss in nats, and each metric by its name. */
export interface Evaluation {
  readonly loss: number;
  readonly [metric: string]: number;
}

/**
 * Evaluates a compiled model in test mode: dropout off, penalties left out (as tfjs does).
 *
 * `x` (n, …) inputs, `y` (n, 1) labels; `batchSize` is 32 unless told. Each batch counts by its size. With the batch size
 * of the training run, the numbers equal that run's last validation on the same data, bit by bit.
 * Throws an Error if the model is not compiled or a shape does not fit.
 */
export function evaluate(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  options: { readonly batchSize?: number } = {},
): Evaluation {
  const { batchSize = 32 } = options;
  const result = model.evaluate(x, y, { batchSize, verbose: 0 });
  const scalars = Array.isArray(result) ? result : [result];
  const values = scalars.map((scalar) => {
    const value = scalar.dataSync()[0]!;
    scalar.dispose();
    return value;
  });
  return Object.fromEntries(
    model.metricsNames.map((name, index) => [curveName(name), values[index]!]),
  ) as Evaluation;
}
