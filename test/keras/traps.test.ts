/**
 * Warnings about features that TensorFlow.js computes differently from what their names suggest:
 * when they appear, and that each appears once.
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

/** Runs a function and returns its console warnings. */
async function warningsOf(run: () => unknown): Promise<string[]> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => warnings.push(text);
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

const withoutWarning: readonly (readonly [string, () => tf.LayersModel])[] = [
  ["gradient descent", () => compiled({})],
  ["keras.adadelta", () => compiled({ optimizer: keras.adadelta() })],
  [
    "centered keras.rmsprop",
    () => compiled({ optimizer: keras.rmsprop({ centered: true }) }),
  ],
  ["plain RMSProp", () => compiled({ optimizer: tf.train.rmsprop(0.1) })],
  [
    "accuracy of one output",
    () => compiled({ loss: "binaryCrossentropy", metrics: ["accuracy"] }, 1),
  ],
  [
    "keras.categoricalAccuracy with the binary loss",
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
    "frozen keras.batchNormalization",
    () =>
      tf.sequential({
        layers: [
          keras.batchNormalization({ inputShape: [2], trainable: false }),
        ],
      }),
  ],
  ["keras.precision", () => compiled({ metrics: [keras.precision] })],
  [
    "an uncompiled model",
    () =>
      tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
      }),
  ],
];

const withWarning: readonly (readonly [
  string,
  () => tf.LayersModel,
  RegExp,
])[] = [
  [
    "Adadelta by name",
    () => compiled({ optimizer: "adadelta" }),
    /^convnotes: tf\.train\.adadelta is plain gradient descent/,
  ],
  [
    "centered RMSProp",
    () =>
      compiled({
        optimizer: tf.train.rmsprop(0.1, undefined, undefined, undefined, true),
      }),
    /^convnotes: Centered tf\.train\.rmsprop makes every weight NaN/,
  ],
  [
    "accuracy with the binary loss",
    () => compiled({ loss: "binaryCrossentropy", metrics: ["accuracy"] }),
    /^convnotes: With the loss "binaryCrossentropy"/,
  ],
  [
    "precision by name",
    () => compiled({ metrics: ["precision"] }),
    /^convnotes: tf\.metrics\.precision counts only/,
  ],
  [
    "recall",
    () => compiled({ metrics: [tf.metrics.recall] }),
    /^convnotes: tf\.metrics\.recall counts only/,
  ],
  [
    "alpha dropout in a nested model",
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
    "batch normalization in a frozen nested model",
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

describe("warnings about traps", () => {
  for (const [name, make] of withoutWarning) {
    test(`no warning for ${name}`, async () => {
      const model = make();
      assert.deepEqual(await warningsOf(() => warnOfTraps(model)), []);
    });
  }

  for (const [name, make, text] of withWarning) {
    test(`one warning for ${name}, once`, async () => {
      const warnings = await warningsOf(() => {
        warnOfTraps(make());
        warnOfTraps(make());
      });
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, text);
    });
  }

  test("metrics given by output name are checked with that output's loss", async () => {
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
    assert.deepEqual(await warningsOf(() => warnOfTraps(model)), []);
  });

  test("fit and evaluate check the model", async () => {
    const [x, y] = [tf.ones([2, 5]), tf.ones([2, 1])];
    const fitted = compiled(
      { optimizer: tf.train.adadelta(0.1), metrics: ["precision"] },
      1,
      5,
    );
    // Both warnings appeared above in this process, so they are not repeated.
    const options = { epochs: 1, progress: false };
    assert.deepEqual(await warningsOf(() => fit(fitted, x, y, options)), []);
    assert.deepEqual(await warningsOf(() => evaluate(fitted, x, y)), []);
  });

  test("the cause of a NaN weight is known only for centered RMSProp", () => {
    const centered = tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true);
    assert.match(causeOfNaN(centered) ?? "", /keras\.rmsprop/);
    assert.equal(causeOfNaN(tf.train.rmsprop(0.1)), undefined);
    assert.equal(causeOfNaN(keras.rmsprop({ centered: true })), undefined);
  });
});
