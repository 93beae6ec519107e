/**
 * A small model used in each way there is: batches by hand, fit, evaluation and prediction, whole and in batches.
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

/** Uses a model in each way, so that each of its steps is run some times, the last batch smaller. */
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

/** Gives a model weights and compiles it, for mean squares by default. */
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

/** Losses after some thirty steps. */
export const loose = { bound: 1e-4 };
