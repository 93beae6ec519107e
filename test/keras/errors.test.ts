/**
 * Errors and names of the Keras-compatible module.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { registeredClass } from "../../src/keras/registered-class";
import { errorWith, type ErrorCheck } from "../error-with";

const { schedules } = keras.optimizers;
const decay = {
  ...{ initialLearningRate: 1, decaySteps: 1, decayRate: 1 },
  firstDecaySteps: 1,
};

const invalidCalls: readonly (readonly [
  invalid: () => unknown,
  expected: ErrorCheck,
])[] = [
  [
    () => keras.adam({ learningRate: -1 }),
    errorWith("ERR_INVALID_VALUE", "learningRate", 0, -1),
  ],
  [
    () => keras.adam({ learningRate: Number.NaN }),
    errorWith("ERR_INVALID_VALUE", "learningRate", 0, NaN),
  ],
  [
    () => keras.adam({ clipnorm: 1, globalClipnorm: 2 }),
    errorWith("ERR_INVALID_VALUE", "clipnorm", "at most one", "clipnorm 1", 2),
  ],
  [
    () => keras.sgd({ clipvalue: 0 }),
    errorWith("ERR_INVALID_VALUE", "clipvalue", "positive", "received 0"),
  ],
  [
    () => keras.adagrad({ clipnorm: -1 }),
    errorWith("ERR_INVALID_VALUE", "clipnorm", "positive", -1),
  ],
  [
    () => keras.adamW({ weightDecay: -1 }),
    errorWith("ERR_INVALID_VALUE", "weightDecay", 0, -1),
  ],
  [
    () => keras.adamW({ weightDecay: null as unknown as number }),
    errorWith("ERR_INVALID_VALUE", "weightDecay", 0, "null"),
  ],
  [
    () => keras.adam().excludeFromWeightDecay({ varNames: ["("] }),
    errorWith("ERR_INVALID_VALUE", "varNames", "regular expressions", '"("'),
  ],
  [
    () => keras.adam({ learningRate: {} as unknown as number }),
    errorWith("ERR_UNKNOWN_NAME", "schedule"),
  ],
  [
    () => schedules.exponentialDecay({ ...decay, decaySteps: 0 }),
    errorWith("ERR_INVALID_VALUE", "decaySteps", "positive", "received 0"),
  ],
  [
    () => schedules.inverseTimeDecay({ ...decay, decayRate: -1 }),
    errorWith("ERR_INVALID_VALUE", "decayRate", 0, -1),
  ],
  [
    () => schedules.polynomialDecay({ ...decay, power: -1 }),
    errorWith("ERR_INVALID_VALUE", "power", 0, -1),
  ],
  [
    () => schedules.cosineDecay({ ...decay, warmupSteps: -1 }),
    errorWith("ERR_INVALID_VALUE", "warmupSteps", 0, -1),
  ],
  [
    () => schedules.cosineDecayRestarts({ ...decay, tMul: 0.5 }),
    errorWith("ERR_INVALID_VALUE", "tMul", 1, 0.5),
  ],
  [
    () =>
      schedules.piecewiseConstantDecay({ boundaries: [2, 1], values: [1, 1] }),
    errorWith("ERR_INVALID_VALUE", "boundaries", "increasing", "[2, 1]"),
  ],
  [
    () => schedules.piecewiseConstantDecay({ boundaries: [2], values: [1] }),
    errorWith("ERR_SHAPE", "values", "one element more", "1 values"),
  ],
  [
    () => {
      keras.adam({
        learningRate: schedules.exponentialDecay(decay),
      }).learningRate = 1;
    },
    errorWith("ERR_INVALID_STATE", "schedule", "KerasExponentialDecay"),
  ],
  [
    () => keras.callbacks.reduceLROnPlateau({ factor: 1 }),
    errorWith("ERR_INVALID_VALUE", "factor", "0 to below 1", "received 1"),
  ],
  [
    () => keras.callbacks.reduceLROnPlateau({ monitor: "val_score" }),
    errorWith("ERR_INVALID_VALUE", "mode", '"min" or "max"', '"val_score"'),
  ],
  [
    () => keras.callbacks.reduceLROnPlateau({ mode: "up" as "max" }),
    errorWith("ERR_INVALID_VALUE", "mode", '"min" or "max"', '"up"'),
  ],
  [
    () => keras.losses.categoricalCrossentropy({ labelSmoothing: 2 }),
    errorWith("ERR_INVALID_VALUE", "labelSmoothing", "0 to 1", 2),
  ],
  [
    () => keras.losses.binaryCrossentropy({ labelSmoothing: -0.1 }),
    errorWith("ERR_INVALID_VALUE", "labelSmoothing", "0 to 1", -0.1),
  ],
  [
    () =>
      keras.losses.categoricalCrossentropy({ labelSmoothing: 0.1 })(
        tf.ones([2, 1]),
        tf.ones([2, 3]),
      ),
    errorWith("ERR_SHAPE", "[2, 3]", "[2, 1]", "one-hot"),
  ],
  [
    () => keras.nadam({ beta2: 1 }),
    errorWith("ERR_INVALID_VALUE", "beta2", "0 to below 1", "received 1"),
  ],
  [
    () => keras.rmsprop({ rho: -0.1 }),
    errorWith("ERR_INVALID_VALUE", "rho", "0 to below 1", -0.1),
  ],
  [
    () => keras.truncatedNormal({ stddev: -1 }),
    errorWith("ERR_INVALID_VALUE", "stddev", 0, -1),
  ],
  [
    () => keras.randomUniform({ minval: 1, maxval: 0 }),
    errorWith("ERR_INVALID_VALUE", "maxval", 1, 0),
  ],
  [
    () => keras.varianceScaling({ scale: 0 }),
    errorWith("ERR_INVALID_VALUE", "scale", 0),
  ],
  [
    () => keras.varianceScaling({ mode: "fan_in" as "fanIn" }),
    errorWith(
      "ERR_INVALID_VALUE",
      "mode",
      '"fanIn", "fanOut" or "fanAvg"',
      '"fan_in"',
    ),
  ],
  [() => keras.l1l2({ l1: -1 }), errorWith("ERR_INVALID_VALUE", "l1", 0, -1)],
  [
    () => keras.topKCategoricalAccuracy(0),
    errorWith("ERR_INVALID_VALUE", "`k`", 0),
  ],
  [
    () => keras.upSampling2d({ size: [2, 0.5] }),
    errorWith("ERR_INVALID_VALUE", "size", 0.5),
  ],
  [
    () => keras.resizing({ height: 0, width: 2 }),
    errorWith("ERR_INVALID_VALUE", "height", 0),
  ],
  [
    () => keras.centerCrop({ height: 2, width: 1.5 }),
    errorWith("ERR_INVALID_VALUE", "width", 1.5),
  ],
  [
    () => keras.categoryEncoding({ numTokens: 0 }),
    errorWith("ERR_INVALID_VALUE", "numTokens", 0),
  ],
  [
    () =>
      keras.categoryEncoding({ numTokens: 2, outputMode: "tfIdf" as "count" }),
    errorWith(
      "ERR_INVALID_VALUE",
      "outputMode",
      '"oneHot", "multiHot" or "count"',
      '"tfIdf"',
    ),
  ],
  [
    () =>
      keras
        .categoryEncoding({ numTokens: 2 })
        .apply(tf.ones([1, 2]), { countWeights: tf.ones([1, 2]) }),
    errorWith("ERR_INVALID_VALUE", "countWeights", "outputMode", "multiHot"),
  ],
  [
    () => keras.softmax({ axis: 3 }).apply(tf.ones([1, 2])),
    errorWith("ERR_INVALID_VALUE", "axis", "1 to 1", 2, 3),
  ],
  [
    () => keras.elu({ alpha: -1 }),
    errorWith("ERR_INVALID_VALUE", "alpha", 0, -1),
  ],
  [
    () => keras.alphaDropout({ rate: 1 }),
    errorWith("ERR_INVALID_VALUE", "rate", "0 to below 1", "received 1"),
  ],
  [
    () => keras.conv2dTranspose({ filters: 1, kernelSize: 2, dilationRate: 2 }),
    errorWith("ERR_UNSUPPORTED", "dilationRate", 1, 2),
  ],
  [
    () =>
      keras.conv1d({
        filters: 1,
        kernelSize: 2,
        padding: "causal",
        dataFormat: "channelsFirst",
      }),
    errorWith("ERR_UNSUPPORTED", "conv1d", "channelsFirst"),
  ],
  [
    () => keras.gru({ units: 1, dropout: 0.5 }),
    errorWith("ERR_UNSUPPORTED", "dropout", "resetAfter", 0, 0.5),
  ],
  [
    () => registeredClass("NoSuchLayer"),
    errorWith("ERR_UNKNOWN_NAME", "NoSuchLayer"),
  ],
];

describe("the keras module", () => {
  for (const [invalid, expected] of invalidCalls) {
    const call = String(invalid).replace(/^\(\) =>/, "");
    test(`rejects ${call.replace(/\s+/g, " ").trim()}`, () => {
      assert.throws(invalid, expected);
    });
  }

  test("documents each of its exports", () => {
    const file = path.join(__dirname, "..", "..", "docs", "tfjs-and-keras.md");
    const text = readFileSync(file, "utf8");
    for (const name of Object.keys(keras)) {
      assert.match(text, new RegExp(`keras\\.${name}\\b`), name);
    }
  });

  test("is exported as convnotes/keras, and as `keras` of convnotes", () => {
    // Loaded by package name, as in a notebook.
    const load = createRequire(__filename);
    const library = load("convnotes") as { keras: typeof keras };
    const own = load("convnotes/keras") as typeof keras;
    assert.equal(library.keras.adam, keras.adam);
    assert.equal(own.adam, keras.adam);
  });
});
