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

const invalidCalls: readonly (readonly [() => unknown, RegExp])[] = [
  [
    () => keras.adam({ learningRate: -1 }),
    /Expected `learningRate` to be a number of at least 0, received -1/,
  ],
  [
    () => keras.adam({ learningRate: Number.NaN }),
    /Expected `learningRate` to be a number of at least 0, received NaN/,
  ],
  [
    () => keras.nadam({ beta2: 1 }),
    /Expected `beta2` to be a number from 0 to below 1, received 1/,
  ],
  [
    () => keras.rmsprop({ rho: -0.1 }),
    /Expected `rho` to be a number from 0 to below 1, received -0.1/,
  ],
  [
    () => keras.truncatedNormal({ stddev: -1 }),
    /Expected `stddev` to be a number of at least 0, received -1/,
  ],
  [
    () => keras.randomUniform({ minval: 1, maxval: 0 }),
    /Expected `maxval` to be a number of at least 1, received 0/,
  ],
  [
    () => keras.varianceScaling({ scale: 0 }),
    /Expected `scale` to be a number above 0, received 0/,
  ],
  [
    () => keras.varianceScaling({ mode: "fan_in" as "fanIn" }),
    /Expected `mode` to be one of fanIn, fanOut, fanAvg, received fan_in/,
  ],
  [
    () => keras.l1l2({ l1: -1 }),
    /Expected `l1` to be a number of at least 0, received -1/,
  ],
  [
    () => keras.topKCategoricalAccuracy(0),
    /Expected `k` to be a positive integer, received 0/,
  ],
  [
    () => keras.upSampling2d({ size: [2, 0.5] }),
    /Expected `size` to be a positive integer, received 0.5/,
  ],
  [
    () => keras.resizing({ height: 0, width: 2 }),
    /Expected `height` to be a positive integer, received 0/,
  ],
  [
    () => keras.centerCrop({ height: 2, width: 1.5 }),
    /Expected `width` to be a positive integer, received 1.5/,
  ],
  [
    () => keras.categoryEncoding({ numTokens: 0 }),
    /Expected `numTokens` to be a positive integer, received 0/,
  ],
  [
    () =>
      keras.categoryEncoding({ numTokens: 2, outputMode: "tfIdf" as "count" }),
    /Expected `outputMode` to be one of oneHot, multiHot, count, received tfIdf/,
  ],
  [
    () =>
      keras
        .categoryEncoding({ numTokens: 2 })
        .apply(tf.ones([1, 2]), { countWeights: tf.ones([1, 2]) }),
    /Expected `countWeights` only with `outputMode` count, received it with multiHot/,
  ],
  [
    () => keras.softmax({ axis: 3 }).apply(tf.ones([1, 2])),
    /Expected `axis` to be one of 1 to 1 for an input with 2 axes, received 3/,
  ],
  [
    () => keras.elu({ alpha: -1 }),
    /Expected `alpha` to be a number of at least 0, received -1/,
  ],
  [
    () => keras.alphaDropout({ rate: 1 }),
    /Expected `rate` to be a number from 0 to below 1, received 1/,
  ],
  [
    () => keras.conv2dTranspose({ filters: 1, kernelSize: 2, dilationRate: 2 }),
    /Expected `dilationRate` to be 1 in a transposed convolution, received 2/,
  ],
  [
    () =>
      keras.conv1d({
        filters: 1,
        kernelSize: 2,
        padding: "causal",
        dataFormat: "channelsFirst",
      }),
    /Expected channels last in a causal or dilated conv1d, received `dataFormat` channelsFirst/,
  ],
  [
    () => keras.gru({ units: 1, dropout: 0.5 }),
    /Expected `dropout` to be 0 with `resetAfter`, received 0.5/,
  ],
  [
    () => registeredClass("NoSuchLayer"),
    /Expected TensorFlow.js to register a class NoSuchLayer, received none/,
  ],
];

describe("the keras module", () => {
  for (const [run, message] of invalidCalls) {
    test(`throws: ${message.source}`, () => {
      assert.throws(run, message);
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
