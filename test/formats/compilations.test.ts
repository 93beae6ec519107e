/**
 * Losses and metrics in `.keras` files, in the forms that TensorFlow.js accepts: Keras evaluates
 * the models with the same values, and trains them. Takes 8 s, mostly TensorFlow's start in Python.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { keras, loadModel, saveModel, tf } from "../../src";
import { temporaryFolder } from "../data/temporary-folder";
import { tensor } from "../keras/row";
import { runKeras } from "../oracles/python";
import { fillWeights } from "./model-case";

function network(outputs: number): tf.LayersModel {
  const input = tf.input({ shape: [3] });
  const made = ["one", "two"]
    .slice(0, outputs)
    .map(
      (name) =>
        keras
          .dense({ name, units: 2, activation: "sigmoid" })
          .apply(input) as tf.SymbolicTensor,
    );
  const model = tf.model({ inputs: input, outputs: made });
  fillWeights(model);
  return model;
}

type Settings = Omit<tf.ModelCompileArgs, "optimizer">;
/** What `compile` receives beside the optimizer, with the number of outputs. */
const cases: Readonly<
  Record<string, readonly [outputs: number, settings: Settings]>
> = {
  "a list of metrics for two outputs": [
    2,
    { loss: "meanSquaredError", metrics: ["mae", "mse"] },
  ],
  "a metric for two outputs": [2, { loss: "meanSquaredError", metrics: "mae" }],
  "a loss for each output, and no metrics": [
    2,
    { loss: ["meanSquaredError", "meanAbsoluteError"] },
  ],
  "metrics of one output": [
    2,
    {
      loss: { one: "meanSquaredError", two: "binaryCrossentropy" },
      metrics: { two: "mae" },
    },
  ],
  "a loss and a metric by name": [
    1,
    { loss: { one: "meanSquaredError" }, metrics: "mae" },
  ],
  "an accuracy of keras": [
    1,
    { loss: "binaryCrossentropy", metrics: [keras.categoricalAccuracy] },
  ],
};

const x = tensor([6, 3], 1);
const labels = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0], [6, 2]);

describe("a compiled model", () => {
  test("of a softmax has its metrics of class indices", async (context) => {
    const file = path.join(await temporaryFolder(context), "model.keras");
    const model = tf.sequential({
      layers: [
        keras.dense({ units: 3, inputShape: [3], activation: "softmax" }),
      ],
    });
    fillWeights(model);
    const metrics = ["accuracy", "sparseCategoricalCrossentropy"];
    model.compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      metrics: { [model.outputNames[0]!]: metrics } as never,
    });
    await saveModel(model, file);
    const loaded = await loadModel(file);
    const y = tf.tensor2d([0, 1, 2, 2, 1, 0], [6, 1]);
    const [loss, accuracy, crossEntropy] = (
      loaded.evaluate(x, y) as tf.Scalar[]
    ).map((value) => value.dataSync()[0]!);
    assert.ok(Math.abs(loss! - crossEntropy!) < 1e-6);
    const predicted = (loaded.predict(x) as tf.Tensor).argMax(1).dataSync();
    const right = [...y.dataSync()].filter(
      (label, i) => label === predicted[i],
    );
    assert.ok(Math.abs(accuracy! - right.length / 6) < 1e-6);
    await saveModel(loaded, file);
  });

  test("is evaluated and trained by Keras", async (context) => {
    const folder = await temporaryFolder(context);
    const ours: Record<string, readonly number[]> = {};
    for (const [name, [outputs, settings]] of Object.entries(cases)) {
      const model = network(outputs);
      model.compile({
        // Whole numbers, which Keras wants as floats.
        optimizer: keras.sgd({
          learningRate: keras.optimizers.schedules.piecewiseConstantDecay({
            boundaries: [1, 2],
            values: [1, 0, 2],
          }),
          momentum: 0,
        }),
        ...settings,
      });
      const file = path.join(folder, `${name}.keras`);
      await saveModel(model, file);
      const y = Array.from({ length: outputs }, () => labels);
      const evaluated = (each: tf.LayersModel) =>
        [each.evaluate(x, y)].flat().map((value) => value.dataSync()[0]!);
      ours[name] = evaluated(model);
      const loaded = await loadModel(file);
      assert.deepEqual(evaluated(loaded), ours[name], name);
    }
    const theirs = await runKeras<Record<string, number[]>>(
      context,
      `
import os
import numpy as np
x, y = np.array(given["x"]), np.array(given["y"])
result = {}
for name, outputs in given["cases"].items():
    model = keras.models.load_model(os.path.join(given["folder"], name + ".keras"))
    labels = [y] * outputs if outputs > 1 else y
    found = model.evaluate(x, labels, verbose=0, return_dict=True)
    result[name] = sorted(found.values())
    model.fit(x, labels, verbose=0, epochs=3)`,
      {
        folder,
        x: x.arraySync(),
        y: labels.arraySync(),
        cases: Object.fromEntries(
          Object.entries(cases).map(([name, [outputs]]) => [name, outputs]),
        ),
      },
    );
    if (theirs === undefined) return;
    for (const [name, values] of Object.entries(ours)) {
      const sorted = [...values].sort((one, other) => one - other);
      const expected: number[] = theirs[name]!;
      assert.equal(sorted.length, expected.length, name);
      for (const [index, value] of sorted.entries()) {
        const difference = Math.abs(value - expected[index]!);
        assert.ok(difference < 1e-5, `${name}: ${value}, ${expected[index]}`);
      }
    }
  });
});
