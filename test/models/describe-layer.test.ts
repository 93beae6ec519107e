/**
 * Short descriptions of layers.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { describeLayer } from "../../src/models/describe-layer";

test("describes kind, window, non-default stride and activation", () => {
  const { layers } = tf;
  const cases: [tf.layers.Layer, string][] = [
    [
      layers.conv2d({ filters: 2, kernelSize: 3, activation: "relu" }),
      "convolution 3 × 3, relu",
    ],
    [
      layers.conv2d({ filters: 2, kernelSize: [1, 7], strides: 2 }),
      "convolution 1 × 7, stride 2",
    ],
    [
      layers.conv2d({ filters: 2, kernelSize: 3, strides: [2, 1] }),
      "convolution 3 × 3, stride 2 × 1",
    ],
    [layers.maxPooling2d({ poolSize: 2 }), "max pooling 2 × 2"],
    [
      layers.maxPooling2d({ poolSize: 3, strides: 1 }),
      "max pooling 3 × 3, stride 1",
    ],
    [layers.dense({ units: 3, activation: "sigmoid" }), "dense, sigmoid"],
    [layers.dense({ units: 3 }), "dense"],
    [layers.activation({ activation: "relu" }), "relu"],
    [layers.globalAveragePooling2d({}), "mean of each map"],
    [layers.batchNormalization(), "batch normalization"],
    [layers.flatten(), "flatten"],
  ];
  for (const [layer, words] of cases) assert.equal(describeLayer(layer), words);
});
