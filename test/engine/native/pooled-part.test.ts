/**
 * Tests that a convolution computes only what the pooling after it reads, with unchanged
 * predictions. Takes about two seconds.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setEngine, tf } from "../../../src/engine";
import { stepsOf } from "../../../src/engine/models/install";
import { nativeAddon } from "../../../src/engine/native/addon";

const { reason } = nativeAddon();

after(() => setEngine("on"));

const { layers } = tf;
const relu = { activation: "relu" } as const;

type Case = readonly [
  title: string,
  layers: (input: tf.SymbolicTensor) => unknown,
  /** Height and width of the outputs that are computed. */
  computed: readonly [number, number],
];

const input = () => tf.input({ shape: [12, 11, 3] });
const chain =
  (...each: readonly (() => tf.layers.Layer)[]) =>
  (start: tf.SymbolicTensor) =>
    each.reduce<unknown>((value, make) => {
      return make().apply(value as tf.SymbolicTensor);
    }, start);
const convolution = (kernelSize: number, more: object = {}) =>
  layers.conv2d({ filters: 16, kernelSize, ...more });
const flat = () => layers.flatten();
const maxPool = (more: object = {}) =>
  layers.maxPooling2d({ poolSize: 2, ...more });

const cases: readonly Case[] = [
  [
    "pooling of 2 × 2",
    chain(() => convolution(4, relu), maxPool, flat),
    [8, 8],
  ],
  [
    "pooling of 3 × 3, every third pixel",
    chain(
      () => convolution(2, relu),
      () => maxPool({ poolSize: 3 }),
      flat,
    ),
    [9, 9],
  ],
  [
    "overlapping windows, after padding",
    chain(
      () => convolution(3, { padding: "same" }),
      () => maxPool({ poolSize: 3, strides: 2 }),
      flat,
    ),
    [11, 11],
  ],
  [
    "mean pooling after a normalization",
    chain(
      () => convolution(4, { useBias: false }),
      () => layers.batchNormalization(),
      () => layers.averagePooling2d({ poolSize: [4, 3] }),
      flat,
    ),
    [8, 6],
  ],
  [
    "padded pooling, which reads all",
    chain(
      () => convolution(4),
      () => maxPool({ padding: "same" }),
      flat,
    ),
    [9, 8],
  ],
  [
    "outputs that are used twice",
    (start) => {
      const outputs = convolution(4).apply(start) as tf.SymbolicTensor;
      const pooled = maxPool().apply(outputs);
      return layers
        .concatenate()
        .apply([flat().apply(pooled), flat().apply(outputs)] as never);
    },
    [9, 8],
  ],
];

describe("a convolution before", { skip: reason ?? false }, () => {
  for (const [title, apply, [height, width]] of cases) {
    test(title, () => {
      const start = input();
      const model = tf.model({
        inputs: start,
        outputs: apply(start) as tf.SymbolicTensor,
      });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = tf.randomNormal([5, 12, 11, 3], 0, 1, "float32", 7);
      setEngine("off");
      const expected = (model.predict(x) as tf.Tensor).dataSync();
      setEngine("native");
      model.predict(x);
      const found = (model.predict(x) as tf.Tensor).dataSync();
      for (const [index, value] of expected.entries()) {
        assert.ok(Math.abs(found[index]! - value) < 1e-5, `value ${index}`);
      }
      const [, rows, columns] =
        / {2}convolution\([^)]*\) \[(?:\d+ ){10}(\d+) (\d+) /.exec(
          stepsOf(model)!.predict.print().join("\n"),
        )!;
      assert.deepEqual([rows, columns].map(Number), [height, width]);
    });
  }
});
