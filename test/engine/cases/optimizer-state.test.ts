/**
 * Tests optimizer state and settings that are changed between steps; TensorFlow.js reads both in
 * each step. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import type { Observations } from "./observations";
import {
  chain,
  line,
  one,
  pair,
  spreadWeights,
  trainOn,
  weightOf,
  weightsOf,
} from "./small-models";

const makers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1, 0.9, 0.999, 1e-7, 0.1),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.05),
  rmsprop: () => tf.train.rmsprop(0.1, 0.9),
  "rmsprop with momentum": () => tf.train.rmsprop(0.1, 0.9, 0.5),
  "centered rmsprop": () => tf.train.rmsprop(0.01, 0.9, 0.1, 1e-10, true),
};

/** Protected fields of optimizers, and the values they are changed to. */
const settings: Record<string, Record<string, number | boolean>> = {
  sgd: { learningRate: 0.01 },
  momentum: { learningRate: 0.01, m: 0.1, useNesterov: true },
  nesterov: { m: 0.5, useNesterov: false },
  adam: { learningRate: 0.01, beta1: 0.1, beta2: 0.5, epsilon: 1 },
  adamax: { learningRate: 0.01, beta1: 0.1, beta2: 0.5, decay: 1, epsilon: 1 },
  adagrad: { learningRate: 0.01 },
  adadelta: { learningRate: 0.01, rho: 0.5, epsilon: 1 },
  rmsprop: { learningRate: 0.01, decay: 0.5, epsilon: 1e6 },
  "rmsprop with momentum": { momentum: 0.1, decay: 0.5 },
  "centered rmsprop": { momentum: 0.5, centered: false },
};

const data = () =>
  [
    tf.tensor2d([
      [1, 2],
      [-1, 0.5],
    ]),
    tf.tensor2d([[1], [2]]),
  ] as const;

function ready(optimizer: tf.Optimizer): tf.Sequential {
  const model = pair();
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

/** Copies of the optimizer's current weights. */
const state = async (optimizer: tf.Optimizer) =>
  (await optimizer.getWeights()).map(({ name, tensor }) => ({
    name,
    tensor: tf.tensor(tensor.dataSync(), tensor.shape, tensor.dtype),
  }));

describe("state", () => {
  for (const [name, make] of Object.entries(makers)) {
    if (name === "adamax") continue; // TensorFlow.js has no setWeights for it.
    sameBothWays(
      `of ${name}, restored from a checkpoint`,
      async (observations) => {
        const model = ready(make());
        const [x, y] = data();
        await trainOn(model, x, y, 1);
        const early = await state(model.optimizer);
        await trainOn(model, x, y, 4);
        await model.optimizer.setWeights(early);
        spreadWeights(model);
        observations.see("losses", await trainOn(model, x, y, 4));
        observations.see("weights", weightsOf(model));
        const late = await state(model.optimizer);
        observations.see(
          "state",
          late.map(({ tensor }) => tensor),
        );
      },
      { bound: 1e-4 },
    );
  }

  sameBothWays(
    "momentum forgotten",
    async (observations) => {
      const model = chain([line()]);
      model.compile({
        optimizer: tf.train.momentum(0.1, 0.9),
        loss: "meanSquaredError",
      });
      await trainOn(model, one(1), one(1), 4);
      const [count, ...others] = await state(model.optimizer);
      model.setWeights([one(0)]);
      await model.optimizer.setWeights([
        count!,
        ...others.map(({ name, tensor }) => ({
          name,
          tensor: tf.zerosLike(tensor),
        })),
      ]);
      await trainOn(model, one(1), one(1), 1);
      observations.see("weight", weightOf(model));
    },
    { right: { weight: [0.2] } },
  );

  sameBothWays(
    "set in a callback in the middle of a fit",
    async (observations) => {
      const model = ready(tf.train.adam(0.05));
      const [x, y] = data();
      await trainOn(model, x, y, 1);
      const early = await state(model.optimizer);
      let batches = 0;
      const { history } = await model.fit(x, y, {
        epochs: 5,
        batchSize: 1,
        shuffle: false,
        verbose: 0,
        callbacks: {
          onBatchEnd: async () => {
            batches += 1;
            if (batches === 5) {
              await model.optimizer.setWeights(
                early.map(({ name, tensor }) => ({
                  name,
                  tensor: tensor.clone(),
                })),
              );
            }
          },
        },
      });
      observations.see("history", history);
      observations.see("weights", weightsOf(model));
    },
    { bound: 1e-4 },
  );

  sameBothWays(
    "one optimizer for two models, and for a custom loop",
    async (observations) => {
      const optimizer = tf.train.adam(0.05);
      const models = [ready(optimizer), ready(optimizer)];
      const own = models[0]!.weights.map((weight) => weight.read());
      const [x, y] = data();
      for (let round = 0; round < 5; round += 1) {
        for (const model of models) {
          observations.see("losses", await trainOn(model, x, y, 1));
        }
        const length = optimizer.minimize(
          () => tf.addN<tf.Scalar>(own.map((each) => tf.sum(tf.square(each)))),
          true,
          own as tf.Variable[],
        );
        observations.see("length", length!);
      }
      observations.see("weights", models.map(weightsOf));
    },
    { bound: 1e-4 },
  );
});

/** Changes one field after some steps of each kind. */
async function changeField(
  observations: Observations,
  make: () => tf.Optimizer,
  change: (optimizer: tf.Optimizer) => void,
): Promise<void> {
  const [x, y] = data();
  const byHand = ready(make());
  observations.see("losses", await trainOn(byHand, x, y, 4));
  change(byHand.optimizer);
  observations.see("losses", await trainOn(byHand, x, y, 4));
  observations.see("weights", weightsOf(byHand));
  const fitted = ready(make());
  let batches = 0;
  const { history } = await fitted.fit(x, y, {
    epochs: 5,
    batchSize: 1,
    shuffle: false,
    verbose: 0,
    callbacks: {
      onBatchEnd: async () => {
        batches += 1;
        if (batches === 5) change(fitted.optimizer);
      },
    },
  });
  observations.see("history", history);
  observations.see("weights", weightsOf(fitted));
}

describe("settings", () => {
  for (const [name, fields] of Object.entries(settings)) {
    for (const [field, value] of Object.entries(fields)) {
      sameBothWays(
        `${field} of ${name}`,
        (observations) =>
          changeField(observations, makers[name]!, (optimizer) =>
            Object.assign(optimizer, { [field]: value }),
          ),
        { bound: 1e-4 },
      );
    }
  }

  sameBothWays(
    "epsilon of rmsprop: weights no longer change",
    async (observations) => {
      const optimizer = tf.train.rmsprop(0.1, 0.9);
      const model = chain([line()]);
      model.compile({ optimizer, loss: "meanSquaredError" });
      for (let step = 0; step < 6; step += 1) {
        if (step === 4) Object.assign(optimizer, { epsilon: 1e6 });
        await trainOn(model, one(1), one(1), 1);
        observations.see("weight", weightOf(model));
      }
    },
  );

  sameBothWays("setMomentum and setLearningRate", async (observations) => {
    await changeField(
      observations,
      () => tf.train.momentum(0.1, 0.9),
      (optimizer) => (optimizer as tf.MomentumOptimizer).setMomentum(0.2),
    );
    await changeField(
      observations,
      () => tf.train.sgd(0.1),
      (optimizer) => (optimizer as tf.SGDOptimizer).setLearningRate(0.01),
    );
  });
});
