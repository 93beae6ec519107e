/**
 * Reading and writing weights in Keras's order, and regularization penalties, compared with Keras.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { tf } from "../../src/engine/tensorflow";
import { evaluate } from "../../src/training/evaluate";
import { compileFromLogits } from "../../src/training/logits";
import { penalty } from "../../src/training/penalty";
import { setSeed } from "../../src/training/seed";
import { getWeights, setWeights } from "../../src/training/weights";
import { errorWith, type ErrorCheck } from "../error-with";
import { runKeras } from "../oracles/python";

/** A network with a convolution, batch normalization, a nested model, and L1 and L2 penalties. */
function network(): tf.LayersModel {
  const l2 = tf.regularizers.l2({ l2: 0.01 });
  const inner = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 5,
        activation: "relu",
        inputShape: [18],
        kernelRegularizer: tf.regularizers.l1({ l1: 0.02 }),
      }),
      tf.layers.batchNormalization(),
    ],
  });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 2,
        kernelSize: 3,
        inputShape: [5, 5, 1],
        kernelRegularizer: l2,
      }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: "relu" }),
      tf.layers.flatten(),
      inner,
      tf.layers.dense({
        units: 3,
        activation: "softmax",
        kernelRegularizer: l2,
        biasRegularizer: l2,
      }),
    ],
  });
}

/** The same network in Keras, with the same weights and images. */
const inKeras = `
import numpy as np
l2 = keras.regularizers.L2(0.01)
inner = keras.Sequential([keras.Input((18,)), keras.layers.Dense(5, activation="relu", kernel_regularizer=keras.regularizers.L1(0.02)), keras.layers.BatchNormalization()])
model = keras.Sequential([
  keras.Input((5, 5, 1)),
  keras.layers.Conv2D(2, 3, kernel_regularizer=l2), keras.layers.BatchNormalization(), keras.layers.Activation("relu"),
  keras.layers.Flatten(), inner,
  keras.layers.Dense(3, activation="softmax", kernel_regularizer=l2, bias_regularizer=l2),
])
model.compile(loss="sparse_categorical_crossentropy")
model.set_weights([np.array(w["data"]).reshape(w["shape"]) for w in given["weights"]])
x = np.array(given["x"]).reshape(-1, 5, 5, 1).astype("float32")
result = {
  "shapes": [list(w.shape) for w in model.get_weights()],
  "predictions": model.predict(x, verbose=0).reshape(-1).tolist(),
  "loss": float(model.evaluate(x, np.array(given["y"]), verbose=0)),
  "penalty": float(sum(float(loss) for loss in model.losses)),
}`;

describe("weights and penalty", () => {
  test("match Keras in the order of arrays, predictions, and loss with penalty", async (context) => {
    setSeed(3);
    const model = network();
    const weights = getWeights(model).map(({ data, shape }, index) => ({
      shape: [...shape],
      // All values differ, and variances are positive.
      data: Array.from(
        data,
        (_, place) => 0.3 + 0.2 * Math.sin(index * 17 + place),
      ),
    }));
    setWeights(model, weights);
    compileFromLogits(model, { optimizer: "adam" });
    const x = tf.randomNormal([12, 5, 5, 1], 0, 1, "float32", 4);
    const y = tf.tensor1d(Array.from({ length: 12 }, (_, n) => n % 3));
    const expected = await runKeras<{
      shapes: number[][];
      predictions: number[];
      loss: number;
      penalty: number;
    }>(context, inKeras, {
      weights,
      x: [...x.dataSync()],
      y: [...y.dataSync()],
    });
    if (expected === undefined) return;
    assert.deepEqual(
      weights.map(({ shape }) => shape),
      expected.shapes,
    );
    const predictions = (model.predict(x) as tf.Tensor).dataSync();
    for (const [place, value] of expected.predictions.entries()) {
      assert.ok(Math.abs(predictions[place]! - value) < 1e-5);
    }
    assert.ok(Math.abs(penalty(model) - expected.penalty) < 1e-5);
    assert.ok(expected.penalty > 0.1);
    const { loss } = evaluate(model, x, y, { withPenalty: true });
    assert.ok(Math.abs(loss - expected.loss) < 1e-4, `${loss}`);
    const without = evaluate(model, x, y).loss;
    assert.ok(Math.abs(loss - without - expected.penalty) < 1e-5);
  });

  test("of a layer of the user are its own, whatever its members are", async () => {
    class Mixed extends tf.layers.Layer {
      static readonly className = "Mixed";
      readonly cell = 8;
      readonly layers = null;
      readonly layer = tf.layers.dense({ units: 3 });
      readonly scales: tf.LayerVariable[] = [];

      override build(): void {
        this.layer.build([null, 3]);
        for (const name of ["one", "two"]) {
          this.scales.push(
            this.addWeight(name, [3], "float32", tf.initializers.ones()),
          );
        }
        this.built = true;
      }

      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const [input] = [inputs].flat() as [tf.Tensor];
        return this.scales.reduce((x, scale) => tf.mul(x, scale.read()), input);
      }
    }
    const layer = new Mixed({ inputShape: [3] });
    const model = tf.sequential({ layers: [layer] });
    assert.deepEqual(
      getWeights(model).map(({ shape }) => shape),
      [[3], [3]],
    );
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(tf.ones([4, 3]), tf.zeros([4, 3]), { verbose: 0 });
    assert.notEqual(getWeights(layer)[0]!.data[0], 1);
  });

  test("of a model in a wrapper are in the order of the model", () => {
    const inner = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [4] }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const model = tf.sequential({
      layers: [tf.layers.timeDistributed({ layer: inner, inputShape: [5, 4] })],
    });
    const shapes = [[4, 3], [3], [3], [3], [3], [3], [3, 2], [2]];
    for (const each of [model, model.layers[0]!, inner]) {
      assert.deepEqual(
        getWeights(each).map(({ shape }) => shape),
        shapes,
      );
    }
  });

  test("count a layer used twice once, and a model without regularizers has no penalty", () => {
    const shared = tf.layers.dense({
      units: 2,
      useBias: false,
      kernelInitializer: "ones",
      kernelRegularizer: tf.regularizers.l2({ l2: 1 }),
    });
    const input = tf.input({ shape: [2] });
    const twice = shared.apply(shared.apply(input)) as tf.SymbolicTensor;
    assert.equal(penalty(tf.model({ inputs: input, outputs: twice })), 4);
    assert.equal(
      getWeights(tf.model({ inputs: input, outputs: twice })).length,
      1,
    );
    const plain = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2] })],
    });
    assert.equal(penalty(plain), 0);
  });

  test("include layers in wrappers, but not frozen weights", () => {
    const kernelRegularizer = tf.regularizers.l2({ l2: 1 });
    const ones = { kernelInitializer: "ones", kernelRegularizer } as const;
    const wrapped = tf.layers.dense({ units: 2, useBias: false, ...ones });
    const recurrent = tf.layers.simpleRNN({
      units: 3,
      useBias: false,
      ...ones,
    });
    const model = tf.sequential({
      layers: [
        tf.layers.timeDistributed({ layer: wrapped, inputShape: [4, 5] }),
        tf.layers.bidirectional({ layer: recurrent, mergeMode: "sum" }),
      ],
    });
    assert.equal(penalty(model), 2 * 5 + 2 * (2 * 3));
    model.layers[1]!.trainable = false;
    assert.equal(penalty(model), 2 * 5);
    model.trainable = false;
    assert.equal(penalty(model), 0);
  });

  test("leak no tensors", () => {
    const model = network();
    const before = tf.memory().numTensors;
    setWeights(model, getWeights(model));
    penalty(model);
    assert.equal(tf.memory().numTensors, before);
  });
});

describe("getWeights", () => {
  test("returns copies of the weights of a model or a layer", () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3] })],
    });
    const [kernel, biases] = getWeights(model);
    assert.deepEqual(kernel!.shape, [3, 2]);
    assert.deepEqual(biases!.shape, [2]);
    const old = kernel!.data[0];
    setWeights(model, [{ shape: [3, 2], data: new Float32Array(6) }, biases!]);
    assert.equal(kernel!.data[0], old);
    assert.deepEqual(
      [...getWeights(model.layers[0]!)[0]!.data],
      [0, 0, 0, 0, 0, 0],
    );
  });

  test("returns nothing for a layer without weights, and prints names and shapes without values", () => {
    assert.deepEqual(getWeights(tf.layers.flatten()), []);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3], name: "head" })],
    });
    assert.equal(
      inspect(getWeights(model)[1]),
      "WeightArray head/bias (2,) float32",
    );
  });
});

describe("setWeights", () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3], name: "only" })],
  });
  const kernel = { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };
  const biases = { shape: [2], data: [7, 8] };

  test("rejects arrays that do not match, and then changes nothing", () => {
    const before = getWeights(model);
    const invalidArrays: [
      readonly { shape: number[]; data: number[] }[],
      ErrorCheck,
    ][] = [
      [[kernel], errorWith("ERR_SHAPE", 2, 1)],
      [
        [kernel, { shape: [3], data: [1, 2, 3] }],
        errorWith("ERR_SHAPE", "only/bias", "(2,)", "(3,)"),
      ],
      [
        [{ shape: [2, 3], data: kernel.data }, biases],
        errorWith("ERR_SHAPE", "only/kernel", "(3, 2)", "(2, 3)"),
      ],
      [
        [kernel, { shape: [2], data: [1] }],
        errorWith("ERR_SHAPE", "only/bias", "(2,)", "2 values", 1),
      ],
      [
        [kernel, { shape: [2], data: [1, NaN] }],
        errorWith("ERR_NOT_FINITE", "only/bias", NaN, "index 1"),
      ],
    ];
    for (const [arrays, expected] of invalidArrays) {
      assert.throws(() => setWeights(model, arrays), expected);
      assert.deepEqual(getWeights(model), before);
    }
  });

  test("affects the next prediction, also after compiled training", async () => {
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(tf.ones([64, 3]), tf.ones([64, 2]), {
      epochs: 3,
      batchSize: 16,
      verbose: 0,
    });
    setWeights(model, [kernel, biases]);
    const output = model.predict(tf.tensor2d([[1, 1, 1]])) as tf.Tensor;
    assert.deepEqual([...output.dataSync()], [1 + 3 + 5 + 7, 2 + 4 + 6 + 8]);
  });
});
