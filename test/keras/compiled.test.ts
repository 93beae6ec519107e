/**
 * Keras-compatible layers and optimizers in compiled training: equal to eager execution, with the
 * learning rate of each step.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { stepsOf } from "../../src/engine/models/install";
import { isEngineOn, setEngine } from "../../src/engine/switch";
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { distance, flat, tensor } from "./row";

const steps = 8;

interface Case {
  readonly input: number[];
  readonly layers: () => tf.layers.Layer[];
  readonly optimizer?: () => tf.Optimizer;
  readonly loss?: Parameters<tf.LayersModel["compile"]>[0]["loss"];
  readonly metrics?: keras.Metric[];
}

const dense = () => [
  keras.dense({ units: 5, activation: "hardSigmoid" }),
  keras.dense({ units: 3 }),
];
const optimizers = {
  adadelta: () => keras.adadelta({ learningRate: 1 }),
  rmsprop: () => keras.rmsprop({ momentum: 0.5, centered: true }),
  adam: () => keras.adam({ learningRate: 0.01 }),
  amsgrad: () => keras.adam({ learningRate: 0.01, amsgrad: true }),
  nadam: () => keras.nadam({ learningRate: 0.01 }),
  sgd: () => keras.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
};
const imageShape = [6, 6, 2];
const atEnd = () => [tf.layers.flatten(), keras.dense({ units: 3 })];
const layers: Readonly<Record<string, Case>> = {
  "image layers": {
    input: imageShape,
    layers: () => [
      keras.resizing({ height: 5, width: 7 }),
      keras.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2 }),
      keras.upSampling2d({ interpolation: "bilinear" }),
      keras.depthwiseConv2d({ kernelSize: 2, dilationRate: 2 }),
      keras.batchNormalization({ scale: false }),
      keras.elu({ alpha: 0.5 }),
      keras.separableConv2d({ filters: 2, kernelSize: 2 }),
      keras.centerCrop({ height: 3, width: 3 }),
      keras.softmax({ axis: 1 }),
      ...atEnd(),
    ],
  },
  "sequence layers": {
    input: [5, 2],
    layers: () => [
      keras.conv1d({ filters: 3, kernelSize: 2, padding: "causal" }),
      keras.gru({ units: 3, returnSequences: true }),
      keras.lstm({ units: 3, returnSequences: true }),
      ...atEnd(),
    ],
  },
  "losses and metrics": {
    input: [4],
    layers: dense,
    loss: keras.hinge,
    metrics: [
      keras.precision,
      keras.recall,
      keras.categoricalAccuracy,
      keras.cosineSimilarity,
      keras.topKCategoricalAccuracy(2),
    ],
  },
};
const cases: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(optimizers).map(([name, optimizer]) => [
      name,
      { input: [4], layers: dense, optimizer },
    ]),
  ),
  ...layers,
};

interface Trained {
  readonly losses: number[];
  readonly weights: number[];
  readonly iterations: number;
  /** Number of compiled steps. */
  readonly compiledSteps: number | undefined;
}

/**
 * Trains for some steps, and halves the learning rate in between. Returns losses and weight
 * changes.
 */
function trained({ input, layers, optimizer, loss, metrics }: Case): Trained {
  const used = optimizer?.() ?? tf.train.sgd(0.1);
  const model = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: input }), ...layers()],
  });
  model.setWeights(
    model.getWeights().map(({ shape }, index) =>
      // Variances must be positive.
      tf.abs(tensor(shape, index, 0.5)),
    ),
  );
  model.compile({
    optimizer: used,
    loss: loss ?? "meanSquaredError",
    metrics: [...(metrics ?? [])],
  });
  const start = flat(model.getWeights());
  const x = tensor([4, ...input], 1);
  const y = tf.oneHot(tf.tensor1d([0, 2, 1, 1], "int32"), 3).toFloat();
  const { model: within } = model as unknown as {
    model: { makeTrainFunction(): (data: tf.Tensor[]) => tf.Scalar[] };
  };
  const step = within.makeTrainFunction();
  const losses: number[] = [];
  for (let count = 0; count < steps; count += 1) {
    if (count === 5) {
      const settable = used as unknown as {
        learningRate: number;
        setLearningRate(rate: number): void;
      };
      settable.setLearningRate(settable.learningRate / 2);
    }
    losses.push(...flat(step([x, y])));
  }
  return {
    losses,
    weights: flat(model.getWeights()).map((end, index) => end - start[index]!),
    iterations: used.iterations,
    compiledSteps: stepsOf(model)?.train.counts.compiled,
  };
}

describe("compiled training", () => {
  const before = isEngineOn() ? "on" : "off";
  after(() => setEngine(before));

  for (const [name, each] of Object.entries(cases)) {
    test(`${name}: equal to eager execution`, (context) => {
      setEngine("off");
      const plain = trained(each);
      setEngine("on");
      const compiled = trained(each);
      const error = distance(compiled.weights, plain.weights);
      context.diagnostic(
        `${error.toExponential(1)}, ${compiled.compiledSteps} steps`,
      );
      assert.ok(error < 1e-4, `weights are ${error} apart`);
      assert.ok(distance(compiled.losses, plain.losses) < 1e-5);
      assert.equal(plain.iterations, steps);
      assert.equal(compiled.iterations, steps);
      // The engine may decline to compile an optimizer.
      if (each.optimizer === undefined) {
        assert.ok(
          (compiled.compiledSteps ?? 0) >= 4,
          `${compiled.compiledSteps} steps compiled`,
        );
      }
    });
  }

  test("alpha dropout draws a new mask in each step", () => {
    setEngine("on");
    const model = tf.sequential({
      layers: [
        keras.alphaDropout({ rate: 0.5, inputShape: [100] }),
        tf.layers.dense({ units: 1, kernelInitializer: "ones" }),
      ],
    });
    model.compile({
      optimizer: tf.train.sgd(0),
      loss: (_, output) => tf.sum(output),
    });
    const { model: within } = model as unknown as {
      model: { makeTrainFunction(): (data: tf.Tensor[]) => tf.Scalar[] };
    };
    const step = within.makeTrainFunction();
    const data = [tf.zeros([1, 100]), tf.zeros([1, 1])];
    const sums = Array.from({ length: 6 }, () => flat(step(data))[0]!);
    assert.ok(new Set(sums).size > 3, sums.join(", "));
    assert.ok((stepsOf(model)?.train.counts.compiled ?? 0) > 0);
  });
});
