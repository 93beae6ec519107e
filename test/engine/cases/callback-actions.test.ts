/**
 * Tests callbacks that use, change or compile the model, for each event. 10 s.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays, type Program } from "./comparison";
import type { Observations } from "./observations";
import { pair, trainOn, weightsOf } from "./small-models";

type Does = (model: tf.LayersModel, observations: Observations) => unknown;

const x = () =>
  tf.tensor2d([
    [1, 2],
    [-1, 0.5],
    [2, 2],
    [0, -1],
  ]);
const y = () => tf.tensor2d([[1], [0], [2], [-1]]);

const actions: Record<string, Does> = {
  predicts: (model, observations) =>
    observations.see("prediction", model.predict(x())),
  evaluates: (model, observations) =>
    observations.see("score", model.evaluate(x(), y(), { batchSize: 3 })),
  trains: async (model, observations) =>
    observations.see("within", await trainOn(model, x(), y(), 1)),
  "halves the weights": (model) =>
    model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 0.5))),
  "sets the weights to their current values": (model) =>
    model.setWeights(model.getWeights()),
  "swaps rows of the first kernel": (model) => {
    const [kernel, ...others] = model.getWeights();
    model.setWeights([tf.reverse(kernel!, 0), ...others]);
  },
  "compiles with another optimizer": (model) =>
    model.compile({
      optimizer: tf.train.momentum(0.02, 0.5),
      loss: "meanSquaredError",
    }),
  "compiles with another loss": (model) =>
    model.compile({
      optimizer: tf.train.sgd(0.02),
      loss: "meanAbsoluteError",
    }),
  "freezes a layer": (model) => (model.layers[0]!.trainable = false),
};

const within =
  (event: string, verbose: 0 | 1, does: Does): Program =>
  async (observations) => {
    const model = pair();
    model.compile({ optimizer: tf.train.adam(0.02), loss: "meanSquaredError" });
    const { history } = await model.fit(x(), y(), {
      verbose,
      shuffle: false,
      epochs: 5,
      batchSize: 2,
      validationData: [x(), y()],
      callbacks: {
        [event]: async () => {
          if (observations.call("callback") % 3 === 2) {
            await does(model, observations);
          }
        },
      },
    });
    observations.see("history", history);
    observations.see("weights", weightsOf(model));
  };

for (const [name, does] of Object.entries(actions)) {
  describe(`a callback that ${name}`, () => {
    for (const event of ["onBatchBegin", "onBatchEnd", "onEpochEnd"]) {
      sameBothWays(`in ${event}`, within(event, 0, does), { bound: 1e-4 });
    }
    sameBothWays("in onBatchEnd, verbose 1", within("onBatchEnd", 1, does), {
      bound: 1e-4,
    });
  });
}
