/**
 * Uses a small model in every way: single batches, fit, evaluation and prediction, all at once and
 * in batches.
 */
import { tf } from "../../../src/engine";
import type { Observations } from "./observations";
import { spreadWeights, trainOn, weightsOf } from "./small-models";

export const rows = () =>
  tf.tensor2d([
    [1, 2],
    [-1, 0.5],
    [0.5, 3],
    [2, -1],
    [0, 1],
  ]);
export const labels = () => tf.tensor2d([[1], [0], [2], [-1], [1]]);

/**
 * Uses a model in each way, so that each of its steps runs several times; the last batch is
 * smaller.
 */
export async function useInEachWay(
  observations: Observations,
  model: tf.LayersModel,
  x: tf.Tensor = rows(),
  y: tf.Tensor = labels(),
): Promise<void> {
  observations.see("losses", await trainOn(model, x, y, 5));
  for (const verbose of [0, 1] as const) {
    const { history } = await model.fit(x, y, {
      epochs: 4,
      batchSize: 2,
      shuffle: false,
      verbose,
      validationData: [x, y],
    });
    observations.see("history", history);
  }
  for (let time = 0; time < 4; time += 1) {
    observations.see("output", model.predict(x, { batchSize: 2 }));
    observations.see("whole", model.predict(x));
    observations.see("score", model.evaluate(x, y, { batchSize: 2 }));
  }
  observations.see("weights", weightsOf(model));
}

/** Sets a model's weights and compiles it, with the mean squared error by default. */
export function compile(
  model: tf.LayersModel,
  parts: Partial<tf.ModelCompileArgs> = {},
): tf.LayersModel {
  spreadWeights(model);
  model.compile({
    optimizer: tf.train.adam(0.02),
    loss: "meanSquaredError",
    ...parts,
  });
  return model;
}

export const dense = (options: object = {}) =>
  tf.layers.dense({ units: 2, ...options });

/** Bound for losses after about thirty steps. */
export const loose = { bound: 1e-4 };
