/**
 * Files that only Keras can make: the library opens them and predicts what Keras predicts, or
 * refuses them with an error that names the cause.
 *
 * One Python process makes all files.
 */
import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import path from "node:path";
import { type keras, loadModel, loadWeights, tf } from "../../src";
import { isCompiledFromLogits } from "../../src/training/logits";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";
import { temporaryFolder } from "../data/temporary-folder";
import { fillWeights, predicted, relativeDistance } from "./model-case";

interface Made {
  readonly inputs: number[][];
  readonly outputs: number[][];
  /** The number of values that are trained. */
  readonly trained: number;
}

/** What the error about each refused file must contain. */
const refusals: Readonly<Record<string, readonly (string | number)[]>> = {
  lambda: ["the layer lambda", "Lambda", "Python code"],
  custom: ["Doubled", "custom"],
  subclass: ["Written"],
  operator: ["add", "keras.src.ops", "a function"],
  function: ["tanh", "keras.src.ops", "a function"],
  channels: ["data_format", "the layer max_pooling2d", "channels_first"],
  policy: ["the layer dense", "mixed_float16"],
  class: ["the layer group_normalization", "GroupNormalization"],
  activation: ["activation", "the layer dense", "exponential"],
  groups: ["groups", "the layer conv2d", 2],
  activity: ["activity_regularizer", "the layer dense"],
  concatenate: ["Concatenate", -2],
  mask: ["mask", "global_average_pooling1d", "Embedding"],
  "mask in a branch": ["mask", "the layer window", "Conv1D"],
  keepdims: ["keepdims", "the layer global_max_pooling2d", "true"],
  regularizer: ["regularizer", "the layer dense", "OrthogonalRegularizer"],
  name: ["names of layers", "my layer"],
  scalar: ["an axis", "the model sequential"],
  bicubic: ["the layer up_sampling2d", "bicubic"],
  cells: ["the layer bidirectional"],
  "output twice": ["each output", "same"],
  rectifier: ["the layer re_lu", "max_value", "negative_slope"],
  text: ["the input input_layer", "string"],
  optimizer: ["optimizer", "Ftrl"],
  averages: ["use_ema", "Adam", "true"],
  schedule: ["learning rate of SGD", "Falling"],
  loss: ["loss", "huber", "compile: false"],
  smoothing: ["ignore_class", "SparseCategoricalCrossentropy", 0],
  metric: ["metric", "AUC", "compile: false"],
  weights: ["loss_weights", 0.5],
  "mask at the output": ["mask", "an output", "compile: false"],
  branches: ["batch normalization", "the layer shared", 2, "compile: false"],
  "branches of models": ["the layer encoder", 2, "compile: false"],
};

/** Files that are refused only because of how the model was compiled. */
const compilations = [
  "optimizer",
  "averages",
  "schedule",
  "loss",
  "smoothing",
  "metric",
  "weights",
  "mask at the output",
  "branches",
  "branches of models",
];

async function make(context: TestContext) {
  const folder = await temporaryFolder(context);
  const made = await runKeras<Record<string, Made>>(
    context,
    `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, given["scripts"])
from made_files import made
result = made(given["folder"])`,
    { scripts: __dirname, folder },
  );
  return made && { folder, made };
}

const countOf = (weights: readonly unknown[]) =>
  [...new Set(weights as tf.LayerVariable[])].reduce(
    (sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]),
    0,
  );

describe("files made by Keras", () => {
  test("are opened or refused", async (context) => {
    const files = await make(context);
    if (files === undefined) return;
    const place = (name: string) => path.join(files.folder, name);

    for (const [name, expected] of Object.entries(files.made)) {
      await context.test(`${name} is opened`, async () => {
        const model = await loadModel(place(`${name}.keras`));
        const x = expected.inputs.map((values, index) =>
          tf.tensor(values, [3, 4], model.inputs[index]!.dtype),
        );
        const near = () =>
          relativeDistance(predicted(model, x), expected.outputs) <= 1e-5;
        assert.ok(
          near(),
          String(relativeDistance(predicted(model, x), expected.outputs)),
        );
        assert.equal(countOf(model.trainableWeights), expected.trained);
        fillWeights(model, 3);
        assert.ok(!near() || model.weights.length === 0);
        await loadWeights(model, place(`${name}.weights.h5`));
        assert.ok(near());
      });
    }

    await context.test("the loss is computed as in Keras", async () => {
      for (const [name, isFromLogits] of [
        ["sparse", true],
        ["logits", true],
        ["adam", false],
      ] as const) {
        const model = await loadModel(place(`${name}.keras`));
        assert.equal(isCompiledFromLogits(model), isFromLogits, name);
      }
      for (const [name, className, settings] of [
        ["smooth", "Categorical", { fromLogits: false, labelSmoothing: 0.1 }],
        ["binary", "Binary", { fromLogits: true, labelSmoothing: 0 }],
      ] as const) {
        const { loss } = await loadModel(place(`${name}.keras`));
        const found = loss as unknown as keras.losses.ConfiguredLoss;
        assert.equal(found.className, `${className}Crossentropy`);
        assert.deepEqual(found.settings, settings);
      }
      const byName = await loadModel(place("by-name-compiled.keras"));
      assert.deepEqual(byName.loss, {
        last: "meanAbsoluteError",
        first: "meanSquaredError",
      });
      const model = await loadModel(place("outputs.keras"));
      assert.deepEqual(model.loss, {
        one: "meanSquaredError",
        two: "meanAbsoluteError",
      });
    });

    for (const [name, words] of Object.entries(refusals)) {
      await context.test(`${name} is refused`, async () => {
        const file = place(`no-${name}.keras`);
        await assert.rejects(
          loadModel(file),
          errorWith("ERR_UNSUPPORTED", ...words),
        );
        if (!compilations.includes(name)) return;
        const model = await loadModel(file, { compile: false });
        assert.equal(model.optimizer, undefined);
      });
    }

    await context.test("files of Keras 2 are refused", async () => {
      const convert = errorWith("ERR_UNSUPPORTED", "Keras 2", "model.keras");
      await assert.rejects(loadModel(place("old.h5")), convert);
      const model = await loadModel(place("sparse.keras"));
      await assert.rejects(
        loadWeights(model, place("old.weights.h5")),
        convert,
      );
    });
  });
});
