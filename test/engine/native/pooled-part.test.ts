/**
 * Tests that a convolution computes only what the pooling after it reads, and pools its outputs
 * itself if its kernel is small, with unchanged predictions. Takes about three seconds.
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

/** What could be fused with a convolution before it. */
const followers: readonly (readonly [string, () => tf.layers.Layer])[] = [
  ["pooling", () => maxPool()],
  ["mean pooling", () => layers.averagePooling2d({ poolSize: 2 })],
  ["ReLU", () => layers.activation({ activation: "relu" })],
  ["normalization", () => layers.batchNormalization()],
];

/** Outputs of 8 × 8 × 4 in another shape before such a layer. */
const reshaped: readonly Case[] = followers.flatMap(([name, make]) =>
  [
    [16, 4, 4],
    [4, 4, 16],
    [32, 2, 4],
  ].map((targetShape): Case => [
    `${name} of ${targetShape.join(" × ")} after a reshape`,
    chain(
      () => layers.conv2d({ filters: 4, kernelSize: [5, 4] }),
      () => layers.reshape({ targetShape }),
      make,
      () => maxPool({ poolSize: [2, 1] }),
      flat,
    ),
    [8, 8],
  ]),
);

/** Gives each channel of a normalization another mean and variance. */
function setStatistics(model: tf.LayersModel): void {
  for (const layer of model.layers)
    if (layer.getClassName() === "BatchNormalization")
      layer.setWeights(
        layer.getWeights().map(({ shape }, index) =>
          tf
            .range(0, shape[0])
            .mul(0.1)
            .add(index + 1),
        ),
      );
}

describe("a convolution before", { skip: reason ?? false }, () => {
  for (const [title, apply, [height, width]] of [...cases, ...reshaped]) {
    test(title, () => {
      const start = input();
      const model = tf.model({
        inputs: start,
        outputs: apply(start) as tf.SymbolicTensor,
      });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      setStatistics(model);
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

describe(
  "training with a convolution before",
  { skip: reason ?? false },
  () => {
    for (const [title, apply] of reshaped) {
      test(title, async () => {
        const start = input();
        const outputs = layers
          .dense({ units: 2 })
          .apply(apply(start) as tf.SymbolicTensor) as tf.SymbolicTensor;
        const model = tf.model({ inputs: start, outputs });
        const initial = model.getWeights().map((each) => each.clone());
        const x = tf.randomNormal([8, 12, 11, 3], 0, 1, "float32", 7);
        const y = tf.randomNormal([8, 2], 0, 1, "float32", 8);
        const train = async (engine: "off" | "native") => {
          setEngine(engine);
          model.setWeights(initial);
          model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
          await model.fit(x, y, {
            ...{ batchSize: 4, epochs: 3, shuffle: false, verbose: 0 },
          });
          return model.getWeights().flatMap((each) => [...each.dataSync()]);
        };
        const expected = await train("off");
        const found = await train("native");
        for (const [index, value] of expected.entries())
          assert.ok(Math.abs(found[index]! - value) < 1e-4, `weight ${index}`);
      });
    }
  },
);

/** Predicts several batches as native code, and returns the text of the program. */
function predictNative(model: tf.LayersModel, x: tf.Tensor) {
  setEngine("native");
  model.predict(x);
  const values = (model.predict(x) as tf.Tensor).dataSync();
  return {
    values,
    program: stepsOf(model)!.predictGathered.print().join("\n"),
  };
}

function pooledModel(
  conv: Parameters<typeof layers.conv2d>[0],
  inputShape: number[],
): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      layers.conv2d({ ...conv, inputShape }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

/** Convolutions with up to 112 weights for an output channel pool their outputs themselves. */
const pooled = [
  [{ kernelSize: 4, filters: 32, activation: "relu" }, [12, 11, 3], true],
  [{ kernelSize: 3, filters: 17, padding: "same" }, [9, 8, 3], true],
  [{ kernelSize: [1, 2], filters: 3, strides: 2 }, [9, 10, 1], true],
  [{ kernelSize: 3, filters: 100, useBias: false }, [4, 29, 12], true],
  [{ kernelSize: 3, filters: 16, padding: "same" }, [6, 6, 8], true],
  [{ kernelSize: 3, filters: 16, padding: "same" }, [6, 6, 13], false],
] as const;

describe("the pooling of 2 × 2", { skip: reason ?? false }, () => {
  const vectors = process.env["CONVNOTES_VECTORS"];
  after(() => {
    if (vectors === undefined) delete process.env["CONVNOTES_VECTORS"];
    else process.env["CONVNOTES_VECTORS"] = vectors;
  });

  for (const [conv, shape, isOwn] of pooled) {
    const { kernelSize, filters } = conv;
    const title = `${String(kernelSize)} of ${shape.join(" × ")} to ${filters}`;
    test(`is ${isOwn ? "part" : "not part"} of a convolution ${title}`, () => {
      const model = pooledModel(conv as Parameters<typeof layers.conv2d>[0], [
        ...shape,
      ]);
      const x = tf.randomNormal([70, ...shape], 0, 1, "float32", 7);
      setEngine("off");
      const expected = (model.predict(x) as tf.Tensor).dataSync();
      for (const width of nativeAddon().addon!.widths()) {
        process.env["CONVNOTES_VECTORS"] = width;
        const copy = pooledModel(conv as Parameters<typeof layers.conv2d>[0], [
          ...shape,
        ]);
        copy.setWeights(model.getWeights());
        const { values, program } = predictNative(copy, x);
        assert.match(program, / convolution\(/);
        assert.equal(!program.includes(" pool("), isOwn, program);
        for (const [index, value] of expected.entries())
          assert.ok(
            Math.abs(values[index]! - value) < 1e-5,
            `${width}, value ${index}`,
          );
      }
    });
  }

  test("keeps NaN wherever it is in a window, and drops a negative maximum by ReLU", () => {
    const model = pooledModel(
      { kernelSize: 1, filters: 1, activation: "relu" },
      [2, 2, 1],
    );
    model.setWeights([tf.ones([1, 1, 1, 1]), tf.zeros([1])]);
    const windows = [
      [NaN, 1, 2, 3],
      [1, NaN, 2, 3],
      [1, 2, NaN, 3],
      [3, 2, 1, NaN],
      [-4, -3, -2, -1],
      [-1, 5, 0, 4],
    ];
    const x = tf
      .tensor4d(windows.flat(), [windows.length, 2, 2, 1])
      .tile([7, 1, 1, 1]);
    const { values, program } = predictNative(model, x);
    assert.ok(!program.includes(" pool("), program);
    const expected = [NaN, NaN, NaN, NaN, 0, 5];
    assert.deepEqual([...values], Array(7).fill(expected).flat());
  });
});
