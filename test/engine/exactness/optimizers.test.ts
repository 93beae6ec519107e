/**
 * Tests every compiled optimizer of tfjs against its formula in float64: after twelve steps, with a
 * change of the learning rate, and with an epsilon large enough to show its position in the
 * formula.
 *
 * The error measure is the largest error of a weight, relative to the largest change of a weight.
 * Most are between 3e-7 and 4e-6. Adam's is 7e-6, tfjs's own 1e-5: 1 − β₂ᵗ is the difference of two
 * nearly equal numbers, initially 0.001, which float32 represents to five figures.
 *
 * Adadelta in tfjs turned out to be gradient descent. It divides by the mean of squares before the
 * step; that mean and the mean of squared updates both start at zero and stay equal, so their ratio
 * is always 1.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { stepsOf } from "../../../src/engine/models/install";
import { isEngineOn, setEngine } from "../../../src/engine/switch";
import { tf } from "../../../src/engine/tensorflow";
import { runNumpy } from "../../oracles/python";

const steps = 12;
/** Number of steps after which the rate is halved. */
const halvedAfter = 7;

interface Case {
  readonly name: string;
  readonly make: (rate: number) => tf.Optimizer;
  readonly rate: number;
  /** Name of the formula in `optimizer_oracle.py`. */
  readonly formula: string;
  readonly settings: object;
  /** Factor of the loss; 1 by default. Small gradients make a fixed, small epsilon visible. */
  readonly factor?: number;
}

const cases: readonly Case[] = [
  {
    name: "SGD",
    make: (rate) => tf.train.sgd(rate),
    rate: 0.1,
    formula: "sgd",
    settings: {},
  },
  {
    name: "Momentum",
    make: (rate) => tf.train.momentum(rate, 0.9),
    rate: 0.02,
    formula: "momentum",
    settings: { momentum: 0.9, nesterov: false },
  },
  {
    name: "Momentum, Nesterov's",
    make: (rate) => tf.train.momentum(rate, 0.9, true),
    rate: 0.02,
    formula: "momentum",
    settings: { momentum: 0.9, nesterov: true },
  },
  {
    name: "RMSProp",
    make: (rate) => tf.train.rmsprop(rate, 0.9, 0.5, 0.01),
    rate: 0.01,
    formula: "rmsprop",
    settings: { decay: 0.9, momentum: 0.5, epsilon: 0.01 },
  },
  {
    name: "RMSProp, centered",
    make: (rate) => tf.train.rmsprop(rate, 0.9, 0.5, 4e-6, true),
    rate: 0.001,
    formula: "centered_rmsprop",
    settings: { decay: 0.9, momentum: 0.5, epsilon: 4e-6 },
    factor: 10,
  },
  {
    name: "Adam",
    make: (rate) => tf.train.adam(rate, 0.9, 0.999, 0.01),
    rate: 0.01,
    formula: "adam",
    settings: { beta1: 0.9, beta2: 0.999, epsilon: 0.01 },
  },
  {
    name: "Adam with custom settings",
    make: (rate) => tf.train.adam(rate),
    rate: 0.01,
    formula: "adam",
    settings: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    factor: 1e-4,
  },
  {
    name: "Adamax",
    make: (rate) => tf.train.adamax(rate, 0.9, 0.999, 0.01),
    rate: 0.01,
    formula: "adamax",
    settings: { beta1: 0.9, beta2: 0.999, epsilon: 0.01, decay: 0 },
  },
  {
    name: "Adamax with decay",
    make: (rate) => tf.train.adamax(rate, 0.9, 0.999, 0.01, 0.25),
    rate: 0.01,
    formula: "adamax",
    settings: { beta1: 0.9, beta2: 0.999, epsilon: 0.01, decay: 0.25 },
  },
  {
    name: "Adagrad",
    make: (rate) => tf.train.adagrad(rate, 1e-9),
    rate: 0.01,
    formula: "adagrad",
    settings: { start: 1e-9, epsilon: 1e-7 },
    factor: 1e-3,
  },
  {
    name: "Adadelta",
    make: (rate) => tf.train.adadelta(rate, 0.95, 0.01),
    rate: 0.1,
    formula: "adadelta",
    settings: { rho: 0.95, epsilon: 0.01 },
  },
];

/** Returns numbers from −1 to 1, determined by the seed. */
const numbers = (count: number, seed: number) =>
  Array.from({ length: count }, (_, index) =>
    Math.fround(Math.sin(seed + 7.3 * index + 0.37 * index * index)),
  );

const shapes = [[4, 6], [6], [6, 3], [3]] as const;
const x = tf.tensor(numbers(64, 1), [16, 4]);
const targets = tf.tensor(numbers(48, 2), [16, 3]);
const initial = shapes.map((shape, index) =>
  tf.tensor(numbers(tf.util.sizeFromShape([...shape]), 3 + index), [...shape]),
);

/** Sets a rate as in tfjs: by a method if there is one. */
function setRate(optimizer: tf.Optimizer, rate: number): void {
  const settable = optimizer as unknown as {
    learningRate: number;
    setLearningRate?(rate: number): void;
  };
  if (settable.setLearningRate) settable.setLearningRate(rate);
  else settable.learningRate = rate;
}

interface Trained {
  readonly weights: number[];
  readonly iterations: number;
  /** Number of steps that ran as a program. */
  readonly compiled: number;
}

function train({ make, rate, factor = 1 }: Case): Trained {
  const optimizer = make(rate);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 6, activation: "tanh", inputShape: [4] }),
      tf.layers.dense({ units: 3 }),
    ],
  });
  model.setWeights(initial);
  model.compile({
    optimizer,
    loss: (labels, outputs) =>
      tf.mul(tf.losses.meanSquaredError(labels, outputs), factor),
  });
  return trainCompiled(model, optimizer, rate);
}

/**
 * A model's training step, which can run synchronously; `trainOnBatch` would have to be awaited.
 */
function trainStep(model: tf.Sequential) {
  const { model: within } = model as unknown as {
    model: { makeTrainFunction(): (data: tf.Tensor[]) => tf.Scalar[] };
  };
  return within.makeTrainFunction();
}

function trainCompiled(
  model: tf.Sequential,
  optimizer: tf.Optimizer,
  rate: number,
): Trained {
  const step = trainStep(model);
  for (let count = 0; count < steps; count += 1) {
    if (count === halvedAfter) setRate(optimizer, rate / 2);
    tf.dispose(step([x, targets]));
  }
  const trained = {
    weights: flatten(model.getWeights()),
    iterations: optimizer.iterations,
    compiled: stepsOf(model)?.train.counts.compiled ?? 0,
  };
  optimizer.dispose();
  return trained;
}

const flatten = (tensors: readonly tf.Tensor[]) =>
  tensors.flatMap((tensor) => [...tensor.dataSync()]);

const start = flatten(initial);

/** Returns the largest error, relative to the largest change since the start. */
function distance(weights: readonly number[], reference: readonly number[]) {
  const changes = reference.map((weight, index) => weight - start[index]!);
  const errors = reference.map((weight, index) => weight - weights[index]!);
  return largest(errors) / largest(changes);
}

const largest = (values: readonly number[]) =>
  Math.max(...values.map((value) => Math.abs(value)));

describe("optimizers", () => {
  const before = isEngineOn() ? "on" : "off";
  after(() => setEngine(before));

  for (const each of cases) {
    test(`${each.name}: the formula in float64`, async (context) => {
      setEngine("on");
      const ours = train(each);
      setEngine("off");
      const stock = train(each);
      const { rate, formula, settings, factor = 1 } = each;
      const expected = await runNumpy<number[][]>(
        context,
        `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, given["scripts"])
from optimizer_oracle import train
flat = lambda weights: np.concatenate([np.ravel(weight) for weight in weights]).tolist()
result = [flat(train(given, *given["case"], elsewhere)) for elsewhere in (False, True)]`,
        {
          scripts: __dirname,
          x: x.arraySync(),
          targets: targets.arraySync(),
          weights: initial.map((weight) => weight.arraySync()),
          rates: Array.from({ length: steps }, (_, count) =>
            count < halvedAfter ? rate : rate / 2,
          ),
          case: [formula, settings, factor],
        },
      );
      if (expected === undefined) return;
      const [reference, elsewhere] = expected as [number[], number[]];
      const errors = {
        ours: distance(ours.weights, reference),
        stock: distance(stock.weights, reference),
        ofAnotherForm: distance(elsewhere, reference),
      };
      context.diagnostic(JSON.stringify(errors));
      assert.ok(ours.compiled >= 6, `${ours.compiled} steps were compiled`);
      assert.equal(stock.compiled, 0);
      assert.equal(ours.iterations, steps);
      assert.equal(stock.iterations, steps);
      assert.ok(errors.ours < 2e-5, JSON.stringify(errors));
      assert.ok(errors.stock < 2e-5, JSON.stringify(errors));
      // A test that cannot distinguish two forms would prove nothing.
      assert.ok(errors.ofAnotherForm > 5e-4, JSON.stringify(errors));
    });
  }

  test("epsilon is 1e-7 by default", () => {
    for (const optimizer of [
      tf.train.adam(),
      tf.train.adamax(),
      tf.train.rmsprop(0.01),
      tf.train.rmsprop(0.01, 0.9, 0, undefined, true),
      tf.train.adadelta(),
    ]) {
      assert.equal(optimizer.getConfig()["epsilon"], 1e-7);
    }
    // Adagrad has no such setting, and uses the backend's.
    assert.equal(tf.backend().epsilon(), 1e-7);
  });

  test("a rate assigned to SGD takes effect only through setLearningRate, as in tfjs", () => {
    for (const state of ["on", "off"] as const) {
      setEngine(state);
      const model = tf.sequential({
        layers: [
          tf.layers.dense({
            units: 1,
            inputShape: [1],
            useBias: false,
            kernelInitializer: "zeros",
          }),
        ],
      });
      const optimizer = tf.train.sgd(1);
      model.compile({ optimizer, loss: (_, output) => tf.sum(output) });
      const change = () => {
        const [before] = model.getWeights()[0]!.dataSync();
        tf.dispose(trainStep(model)([tf.ones([1, 1]), tf.ones([1, 1])]));
        return model.getWeights()[0]!.dataSync()[0]! - before!;
      };
      assert.deepEqual([change(), change(), change()], [-1, -1, -1]);
      (optimizer as unknown as { learningRate: number }).learningRate = 2;
      assert.equal(change(), -1);
      optimizer.setLearningRate(4);
      assert.equal(change(), -4);
      assert.equal(
        stepsOf(model)?.train.counts.compiled,
        state === "on" ? 4 : undefined,
      );
    }
  });
});
