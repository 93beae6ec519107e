/**
 * Options of optimizers that change between steps, schedules of user code, and the example of
 * docs/training.md.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { compilation, setEngine, tf, type EngineState } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { nativeAddon } from "../../src/engine/native/addon";
import { isEngineOn } from "../../src/engine/switch";
import * as keras from "../../src/keras";
import { distance, flat, tensor } from "./row";

const { schedules } = keras.optimizers;
const { reason } = nativeAddon();
const states: readonly EngineState[] = [
  ...(reason === undefined ? (["native"] as const) : []),
  ...(["graph", "off"] as const),
];
const before = isEngineOn() ? "on" : "off";
after(() => setEngine(before));

function network(optimizer: tf.Optimizer): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: "tanh", inputShape: [3] }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  model.setWeights(
    model.getWeights().map(({ shape }, index) => tensor(shape, index + 1)),
  );
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

const x = tensor([16, 3], 5);
const y = tensor([16, 2], 6);
const quiet = { batchSize: 8, verbose: 0, shuffle: false } as const;

/** A schedule of user code, with a number that the user may change. */
class Halving extends schedules.LearningRateSchedule {
  static readonly className = "Halving";
  start = 0.5;

  override call(step: tf.Tensor): tf.Tensor {
    return tf.mul(this.start, tf.pow(0.5, tf.floor(tf.div(step, 4))));
  }

  override getConfig() {
    return { start: this.start };
  }
}

/** Trains in each state with the same callback at the end of epochs. Returns the weights. */
async function trainedInEach(
  make: () => keras.KerasOptimizer,
  onEpochEnd: (epoch: number, optimizer: keras.KerasOptimizer) => void,
  inStates = states,
): Promise<Map<EngineState, { weights: number[]; model: tf.LayersModel }>> {
  const all = new Map<
    EngineState,
    { weights: number[]; model: tf.LayersModel }
  >();
  for (const state of inStates) {
    setEngine(state);
    const optimizer = make();
    const model = network(optimizer);
    const weights: number[] = [];
    await model.fit(x, y, {
      ...{ ...quiet, epochs: 8 },
      callbacks: {
        onEpochEnd: async (epoch) => {
          weights.push(...flat(model.getWeights()));
          onEpochEnd(epoch, optimizer);
        },
      },
    });
    all.set(state, { weights, model });
  }
  const { weights: plain } = all.get("off")!;
  for (const [state, { weights }] of all) {
    const error = distance(weights, plain);
    assert.ok(error < 1e-5, `${state}: ${error} from plain TensorFlow.js`);
  }
  return all;
}

/** Weights at the end of an epoch, from 0. */
const after16 = (weights: readonly number[], epoch: number) =>
  weights.slice(epoch * 26, (epoch + 1) * 26);

describe("options that change between steps", () => {
  test("a schedule in place of a number, and another one", async () => {
    const all = await trainedInEach(
      () => keras.sgd({ learningRate: 0.1, clipnorm: 0.5 }),
      (epoch, optimizer) => {
        if (epoch === 2) {
          optimizer.learningRate = schedules.exponentialDecay({
            ...{ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.9 },
          });
          assert.ok(Math.abs(optimizer.learningRate - 0.1 * 0.9 ** 6) < 1e-7);
        }
        if (epoch !== 5) return;
        optimizer.learningRate = schedules.piecewiseConstantDecay({
          ...{ boundaries: [1], values: [1, 0] },
        });
      },
    );
    for (const { weights } of all.values()) {
      assert.deepEqual(after16(weights, 7), after16(weights, 5));
      assert.notDeepEqual(after16(weights, 5), after16(weights, 4));
    }
  });

  test("weights excluded from decay later", async () => {
    const all = await trainedInEach(
      () => keras.sgd({ learningRate: 0, weightDecay: 0.5 }),
      (epoch, optimizer) => {
        // Gradients do not matter, so that only the decay changes weights.
        if (epoch === 0) optimizer.learningRate = 0.01;
        if (epoch === 2) optimizer.excludeFromWeightDecay({ varNames: ["."] });
        if (epoch === 4) optimizer.learningRate = 0;
      },
    );
    for (const { weights } of all.values()) {
      assert.deepEqual(after16(weights, 7), after16(weights, 4));
    }
  });

  test("weights of a layer are excluded from decay", () => {
    const decayed = (exclusions: keras.WeightDecayExclusions) => {
      const optimizer = keras.sgd({ learningRate: 0.5, weightDecay: 1 });
      const model = network(optimizer);
      const layer = model.layers[0]!;
      optimizer.excludeFromWeightDecay(
        exclusions.varList ? { varList: layer.weights } : exclusions,
      );
      const names = model.trainableWeights.map(({ name }) => name);
      const start = model.getWeights().map((each) => flat(each));
      optimizer.applyGradients(
        names.map((name, index) => ({
          name,
          tensor: tf.zerosLike(model.getWeights()[index]!),
        })),
      );
      return model
        .getWeights()
        .map((each, index) => flat(each)[0] !== start[index]![0]);
    };
    assert.deepEqual(decayed({}), [true, true, true, true]);
    assert.deepEqual(decayed({ varList: [] }), [false, false, true, true]);
    const biases = decayed({ varNames: ["^bias$"] });
    assert.deepEqual(biases, [true, false, true, false]);
    // Names of layers do not count, as in Keras.
    const layers = decayed({ varNames: ["dense"] });
    assert.deepEqual(layers, [true, true, true, true]);
  });
});

describe("a schedule of user code", () => {
  test("is traced, and may change", async () => {
    const halving: Halving[] = [];
    const all = await trainedInEach(
      () => {
        halving.push(new Halving());
        return keras.adam({ learningRate: halving.at(-1)!, clipvalue: 0.1 });
      },
      (epoch) => {
        if (epoch === 5) halving.at(-1)!.start = 0;
      },
      // Numbers of traced code that change make a graph.
      ["on", "graph", "off"],
    );
    for (const [state, { weights, model }] of all) {
      assert.deepEqual(after16(weights, 7), after16(weights, 5));
      if (state === "off") continue;
      assert.ok(stepsOf(model)!.trainGathered.counts.traced > 8, state);
    }
    assert.equal(new Halving().valueAt(4), 0.25);
  });
});

describe("configurations", () => {
  test("have null for options that are not given, as in Keras", () => {
    const none = null as unknown as undefined;
    const options = { clipnorm: none, clipvalue: none, weightDecay: none };
    for (const make of [keras.adam, keras.adagrad, keras.sgd]) {
      assert.deepEqual(make(options as object).getConfig(), make().getConfig());
    }
    assert.deepEqual(
      keras.adamW({ ...(options as object), weightDecay: 0.1 }).getConfig(),
      { ...keras.adam().getConfig(), weightDecay: 0.1 },
    );
  });
});

describe("docs/training.md", () => {
  test(
    "the options of its example are trained natively",
    { skip: reason ?? false },
    async () => {
      setEngine("native");
      const model = network(tf.train.sgd(0));
      model.compile({
        optimizer: keras.adamW({
          learningRate: schedules.cosineDecay({
            initialLearningRate: 0,
            warmupTarget: 0.001,
            warmupSteps: 200,
            decaySteps: 2000,
          }),
          globalClipnorm: 1,
        }),
        loss: keras.losses.categoricalCrossentropy({
          ...{ fromLogits: true, labelSmoothing: 0.1 },
        }),
        metrics: ["accuracy"],
      });
      const labels = tf.oneHot(
        tf.range(0, 16, 1, "int32").mod(tf.scalar(2, "int32")),
        2,
      );
      const { history } = await model.fit(x, labels, { ...quiet, epochs: 4 });
      assert.equal(history["acc"]!.length, 4);
      const { native, graph, eager, reasons } = compilation(model).training;
      assert.deepEqual(
        { native, graph, eager },
        { native: 7, graph: 0, eager: 1 },
      );
      assert.deepEqual(reasons, []);
    },
  );
});
