/**
 * Well-known networks: published parameter counts, and ResNet-50 compared with Keras's.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { compilation, setEngine } from "../../src/engine";
import { tf } from "../../src/engine/tensorflow";
import { layerCosts } from "../../src/models/layer-costs";
import {
  alexNet,
  googLeNet,
  leNet5,
  resNet34,
  resNet50,
  smallInception,
  smallResNet,
  type ResNetOptions,
} from "../../src/models/networks";
import { summary } from "../../src/models/summary";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";

// A test expects native steps, whatever CONVNOTES_ENGINE says.
before(() => setEngine("on"));

const counted = { kernelInitializer: "zeros" } as const;
const forSmallImages = { ...counted, inputShape: [32, 32, 3] } as const;

/** Trainable parameters; the comments name the source. */
const counts: readonly (readonly [string, () => tf.LayersModel, number])[] = [
  // 156 + 2,416 + 48,120 + 10,164 + 850.
  ["LeNet-5", () => leNet5(counted), 61_706],
  // The sum of the paper's layers as one tower.
  ["AlexNet", () => alexNet(counted), 62_378_344],
  // The sum of the widths in table 1 of the paper, with biases.
  ["GoogLeNet", () => googLeNet(counted), 6_998_552],
  // torchvision: resnet34, resnet50.
  ["ResNet-34", () => resNet34(counted), 21_797_672],
  ["ResNet-50", () => resNet50(counted), 25_557_032],
  // timm: legacy_seresnet50.
  [
    "SE-ResNet-50",
    () => resNet50({ ...counted, squeezeExcitation: true }),
    28_088_024,
  ],
  // 269,722 in an implementation with padded shortcuts, plus two projections: 576 + 2,176.
  ["ResNet-20", () => smallResNet(counted), 272_474],
  ["LeNet-5, 1.8", () => leNet5({ ...forSmallImages, scale: 1.8 }), 199_943],
  ["inception, 0.4", () => smallInception({ ...counted, scale: 0.4 }), 219_612],
];

describe("well-known networks", () => {
  for (const [name, build, parameters] of counts) {
    test(`${name} has ${parameters.toLocaleString("en-US")} trainable parameters`, () => {
      const model = build();
      assert.equal(summary(model).trainableParameters, parameters);
      model.dispose();
    });
  }

  test("ResNet-50 predicts what Keras's ResNet50 does with the same weights", async (context) => {
    const keras = await runKeras<{
      readonly count: number;
      readonly names: readonly string[];
      readonly output: readonly number[];
    }>(
      context,
      `
import numpy as np
model = keras.applications.ResNet50(weights=None, input_shape=(64, 64, 3), classes=10)
def pattern(n):
    return (np.arange(n) * 37 % 101 - 50) / 50
for layer in model.layers:
    values = []
    for weight in layer.weights:
        n = int(np.prod(weight.shape))
        kind = weight.name
        p = pattern(n).reshape(weight.shape)
        if kind == "kernel":
            values.append(p * (2 / np.prod(weight.shape[:-1])) ** 0.5)
        elif kind in ("gamma", "moving_variance"):
            values.append(1 + p / 4)
        else:
            values.append(p / 4)
    layer.set_weights(values)
images = pattern(2 * 64 * 64 * 3).reshape(2, 64, 64, 3)
result = {
  "count": model.count_params(),
  "names": [layer.name for layer in model.layers if layer.weights],
  "output": model.predict(images, verbose=0).ravel().tolist(),
}`,
    );
    if (keras === undefined) return;
    const model = resNet50({
      ...counted,
      inputShape: [64, 64, 3],
      classes: 10,
      useBias: true,
    });
    const weighted = model.layers.filter((layer) => layer.countParams() > 0);
    assert.equal(model.countParams(), keras.count);
    assert.deepEqual(
      weighted.map(({ name }) => name).sort(),
      [...keras.names].sort(),
    );
    for (const layer of weighted) setPattern(layer);
    const images = tf.tensor4d(pattern(2 * 64 * 64 * 3), [2, 64, 64, 3]);
    const output = (model.predict(images) as tf.Tensor).dataSync();
    const largest = Math.max(...keras.output);
    for (const [index, expected] of keras.output.entries()) {
      assert.ok(
        Math.abs(output[index]! - expected) < 1e-4 * largest,
        `output ${index}: ${output[index]} instead of ${expected}`,
      );
    }
    model.dispose();
  });

  test("small networks of residual, inception and excitation blocks train as native steps", async () => {
    const images = tf.randomUniform([8, 32, 32, 3], 0, 1, "float32", 1);
    const labels = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], "float32");
    const builders: readonly ((options: ResNetOptions) => tf.LayersModel)[] = [
      (options) => leNet5({ ...options, inputShape: [32, 32, 3] }),
      smallInception,
      (options) => smallResNet({ ...options, units: 1 }),
      (options) =>
        smallResNet({ ...options, units: 1, squeezeExcitation: true }),
    ];
    for (const build of builders) {
      const model = build({ scale: 0.25 });
      model.compile({
        optimizer: "adam",
        loss: "sparseCategoricalCrossentropy",
      });
      await model.fit(images, labels, { batchSize: 4, verbose: 0 });
      const report = compilation(model);
      assert.equal(report.training.native, 2, `${model.name}: ${report}`);
      model.dispose();
    }
  });

  test("`scale` multiplies maps, and leaves at least one", () => {
    const model = smallResNet({ ...counted, scale: 0.01, units: 1 });
    assert.deepEqual(model.getLayer("conv4_block1_out").outputShape, [
      null,
      8,
      8,
      1,
    ]);
    const wide = layerCosts(leNet5({ ...counted, scale: 2 }));
    assert.deepEqual(wide[0]!.outputShape, [28, 28, 12]);
  });

  test("options are validated", () => {
    const zero = { ...counted, scale: 0 };
    assert.throws(
      () => leNet5(zero),
      errorWith("ERR_INVALID_VALUE", "scale", 0),
    );
    assert.throws(
      () => alexNet({ classes: 1.5 }),
      errorWith("ERR_INVALID_VALUE", "classes", 1.5),
    );
    assert.throws(
      () => leNet5({ inputShape: [28, 28, 1] }),
      errorWith("ERR_SHAPE", "32 × 32", "[28, 28, 1]"),
    );
    assert.throws(
      () => smallResNet({ units: 0 }),
      errorWith("ERR_INVALID_VALUE", "units", 0),
    );
  });
});

/** Numbers from -1 to 1 that are exact in float64 in both languages. */
function pattern(length: number): Float32Array {
  return Float32Array.from(
    { length },
    (_, index) => (((index * 37) % 101) - 50) / 50,
  );
}

function setPattern(layer: tf.layers.Layer): void {
  const values = layer.weights.map((weight) => {
    const shape = weight.shape as number[];
    const numbers = pattern(tf.util.sizeFromShape(shape));
    const fanIn = tf.util.sizeFromShape(shape.slice(0, -1));
    const kind = weight.originalName.split("/").at(-1)!;
    const formula =
      kind === "kernel"
        ? (p: number) => p * Math.sqrt(2 / fanIn)
        : kind === "gamma" || kind === "moving_variance"
          ? (p: number) => 1 + p / 4
          : (p: number) => p / 4;
    return tf.tensor(numbers.map(formula), shape);
  });
  layer.setWeights(values);
  tf.dispose(values);
}
