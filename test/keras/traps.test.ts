/**
 * The warnings of what TensorFlow.js computes otherwise than its name says: when they come, and that each comes once.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { causeOfNaN, warnOfTraps } from "../../src/engine/models/traps";
import { evaluate } from "../../src/training/evaluate";
import { fit } from "../../src/training/fit";

type Compiling = Partial<Parameters<tf.LayersModel["compile"]>[0]>;

function compiled(options: Compiling, units = 3, inputs = 2): tf.LayersModel {
  const layers = [tf.layers.dense({ units, inputShape: [inputs] })];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError", ...options });
  return model;
}

/** What is said on the console meanwhile. */
async function saidBy(run: () => unknown): Promise<string[]> {
  const said: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => said.push(text);
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return said;
}

const silent: readonly (readonly [string, () => tf.LayersModel])[] = [
  ["gradient descent", () => compiled({})],
  ["our Adadelta", () => compiled({ optimizer: keras.adadelta() })],
  [
    "our centred RMSProp",
    () => compiled({ optimizer: keras.rmsprop({ centered: true }) }),
  ],
  ["plain RMSProp", () => compiled({ optimizer: tf.train.rmsprop(0.1) })],
  [
    "accuracy of one output",
    () => compiled({ loss: "binaryCrossentropy", metrics: ["accuracy"] }, 1),
  ],
  [
    "our accuracy beside the binary loss",
    () =>
      compiled({
        loss: "binaryCrossentropy",
        metrics: [keras.categoricalAccuracy],
      }),
  ],
  [
    "batch normalization",
    () =>
      tf.sequential({
        layers: [tf.layers.batchNormalization({ inputShape: [2] })],
      }),
  ],
  [
    "our frozen batch normalization",
    () =>
      tf.sequential({
        layers: [
          keras.batchNormalization({ inputShape: [2], trainable: false }),
        ],
      }),
  ],
  ["our precision", () => compiled({ metrics: [keras.precision] })],
  [
    "a model that is not compiled",
    () =>
      tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
      }),
  ],
];

const loud: readonly (readonly [string, () => tf.LayersModel, RegExp])[] = [
  [
    "Adadelta by its name",
    () => compiled({ optimizer: "adadelta" }),
    /^convnotes: tf\.train\.adadelta is plain gradient descent/,
  ],
  [
    "centred RMSProp",
    () =>
      compiled({
        optimizer: tf.train.rmsprop(0.1, undefined, undefined, undefined, true),
      }),
    /^convnotes: Centred tf\.train\.rmsprop makes every weight NaN/,
  ],
  [
    "accuracy beside the binary loss",
    () => compiled({ loss: "binaryCrossentropy", metrics: ["accuracy"] }),
    /^convnotes: Beside the loss "binaryCrossentropy"/,
  ],
  [
    "precision by its name",
    () => compiled({ metrics: ["precision"] }),
    /^convnotes: tf\.metrics\.precision counts only/,
  ],
  [
    "recall",
    () => compiled({ metrics: [tf.metrics.recall] }),
    /^convnotes: tf\.metrics\.recall counts only/,
  ],
  [
    "alpha dropout in a model within the model",
    () => {
      const inner = tf.sequential({
        layers: [tf.layers.alphaDropout({ rate: 0.5, inputShape: [2] })],
      });
      return tf.sequential({ layers: [inner] });
    },
    /^convnotes: tf\.layers\.alphaDropout replaces dropped units/,
  ],
  [
    "a dilated depthwise convolution",
    () =>
      tf.sequential({
        layers: [
          tf.layers.depthwiseConv2d({
            kernelSize: 2,
            dilationRate: 2,
            inputShape: [4, 4, 1],
          }),
        ],
      }),
    /^convnotes: tf\.layers\.depthwiseConv2d ignores `dilationRate`/,
  ],
  [
    "batch normalization in a frozen model within the model",
    () => {
      const inputs = tf.input({ shape: [2] });
      const outputs = tf.layers
        .batchNormalization()
        .apply(inputs) as tf.SymbolicTensor;
      const inner = tf.model({ inputs, outputs });
      inner.trainable = false;
      return tf.sequential({ layers: [inner] });
    },
    /^convnotes: tf\.layers\.batchNormalization with `trainable` false/,
  ],
];

describe("warnings of traps", () => {
  for (const [name, make] of silent) {
    test(`none of ${name}`, async () => {
      const model = make();
      assert.deepEqual(await saidBy(() => warnOfTraps(model)), []);
    });
  }

  for (const [name, make, text] of loud) {
    test(`one of ${name}, once`, async () => {
      const said = await saidBy(() => {
        warnOfTraps(make());
        warnOfTraps(make());
      });
      assert.equal(said.length, 1);
      assert.match(said[0]!, text);
    });
  }

  test("of one output's metrics, where they are given by its name", async () => {
    const input = tf.input({ shape: [2] });
    const outputs = ["one", "other"].map(
      (name) =>
        tf.layers
          .dense({ units: 2, name, activation: "sigmoid" })
          .apply(input) as tf.SymbolicTensor,
    );
    const model = tf.model({ inputs: input, outputs });
    model.compile({
      optimizer: "sgd",
      loss: { one: "meanSquaredError", other: "binaryCrossentropy" },
      metrics: { one: "accuracy" },
    });
    assert.deepEqual(await saidBy(() => warnOfTraps(model)), []);
  });

  test("fit and evaluate look at the model", async () => {
    const [x, y] = [tf.ones([2, 5]), tf.ones([2, 1])];
    const fitted = compiled(
      { optimizer: tf.train.adadelta(0.1), metrics: ["precision"] },
      1,
      5,
    );
    // Both were said above, in this process: nothing is said again.
    const options = { epochs: 1, progress: false };
    assert.deepEqual(await saidBy(() => fit(fitted, x, y, options)), []);
    assert.deepEqual(await saidBy(() => evaluate(fitted, x, y)), []);
  });

  test("what made a weight NaN is known of centred RMSProp alone", () => {
    const centred = tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true);
    assert.match(causeOfNaN(centred) ?? "", /keras\.rmsprop/);
    assert.equal(causeOfNaN(tf.train.rmsprop(0.1)), undefined);
    assert.equal(causeOfNaN(keras.rmsprop({ centered: true })), undefined);
  });
});
