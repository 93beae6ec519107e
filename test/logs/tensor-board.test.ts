/**
 * The callback for TensorBoard: what its files contain, compared with the run and with Keras.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { curveName } from "../../src/training/curve-name";
import { getWeights } from "../../src/training/weights";
import { EventWriter } from "../../src/logs/event-writer";
import { tensorBoard } from "../../src/logs/tensor-board";
import { checkpoints } from "../../src/training/checkpoints/checkpoint-callback";
import { setSeed } from "../../src/training/seed";
import { temporaryFolder } from "../data/temporary-folder";
import { errorWith } from "../error-with";
import { readRuns } from "./events";
import { smallData, smallNetwork } from "./run-model";

const [x, y] = smallData();
const settings = { batchSize: 8, epochs: 3, verbose: 0 } as const;

/** Steps and values of a curve, as TensorBoard has them. */
const fromStep = (first: number, values: readonly number[]) =>
  values.map((value, index) => [first + index, Math.fround(value)]);

describe("tensorBoard", () => {
  test("writes the curves, weights, images and layers of a run", async (context) => {
    const folder = path.join(await temporaryFolder(context), "run");
    const model = smallNetwork();
    const batches: Record<string, number[]> = {};
    const run = await model.fit(x, y, {
      ...settings,
      validationData: [x, y],
      callbacks: [
        tensorBoard(folder, {
          histogramFreq: 2,
          writeImages: true,
          updateFreq: "batch",
          images: {
            once: x.slice([0], [2]),
            each: (epoch) => tf.fill([2, 2], epoch / 3),
          },
        }),
        new tf.CustomCallback({
          onBatchEnd: (_, logs) => {
            for (const [name, value] of Object.entries(logs!)) {
              (batches[curveName(name)] ??= []).push(value);
            }
          },
        }),
      ],
    });
    const runs = await readRuns(context, [
      path.join(folder, "train"),
      path.join(folder, "validation"),
    ]);
    if (runs === undefined) return;
    const [training = assert.fail(), validation = assert.fail()] = runs;
    const curves = run.history as Record<string, number[]>;
    assert.deepEqual(training.scalars, {
      epoch_loss: fromStep(0, curves["loss"]!),
      epoch_accuracy: fromStep(0, curves["acc"]!),
      epoch_learning_rate: fromStep(0, [0.01, 0.01, 0.01]),
      batch_loss: fromStep(1, batches["loss"]!),
      batch_accuracy: fromStep(1, batches["accuracy"]!),
    });
    const perStep = (values: readonly number[]) =>
      values.map((value, epoch) => [3 * (epoch + 1), Math.fround(value)]);
    assert.deepEqual(validation.scalars, {
      epoch_loss: fromStep(0, curves["val_loss"]!),
      epoch_accuracy: fromStep(0, curves["val_acc"]!),
      evaluation_loss_vs_iterations: perStep(curves["val_loss"]!),
      evaluation_accuracy_vs_iterations: perStep(curves["val_acc"]!),
    });
    const weights = getWeights(model);
    assert.deepEqual(
      Object.keys(training.histograms).sort(),
      weights.map(({ name }) => `${name}/histogram`).sort(),
    );
    for (const { name, data } of weights) {
      const histograms = training.histograms[`${name}/histogram`]!;
      assert.deepEqual(
        histograms.map(([step]) => step),
        [0, 2],
      );
      const [, rows = assert.fail()] = histograms.at(-1)!;
      assert.equal(
        rows.reduce((sum, [, , count]) => sum + count!, 0),
        data.length,
      );
      assert.equal(rows[0]![0], Math.min(...data));
      assert.equal(rows.at(-1)![1], Math.max(...data));
    }
    const steps = (name: string) =>
      training.images[name]!.map(([step, width, height]) => [
        step,
        width,
        height,
      ]);
    assert.deepEqual(steps("once"), [[0, "6", "6"]]);
    assert.equal(training.images["once"]![0]![3].length, 2);
    assert.deepEqual(
      training.images["each"]!.map(([step, , , [image]]) => [
        step,
        image![0]![0]![0],
      ]),
      [
        [0, 0],
        [1, 85],
        [2, 170],
      ],
    );
    // Four filters in two rows and columns, with two white pixels after each row and between
    // columns.
    assert.deepEqual(steps("maps/kernel/image"), [
      [0, "8", "10"],
      [2, "8", "10"],
    ]);
    assert.deepEqual(training.graph, [
      ["maps_input", "InputLayer", []],
      ["maps", "Conv2D", ["maps_input"]],
      ["flat", "Flatten", ["maps"]],
      ["classes", "Dense", ["flat"]],
    ]);
  });

  test("adds a file and continues the steps when a run is resumed", async (context) => {
    const folder = path.join(await temporaryFolder(context), "run");
    const model = smallNetwork();
    const callbacks = tensorBoard(folder, { updateFreq: "batch" });
    await model.fit(x, y, { ...settings, epochs: 1, callbacks });
    await model.fit(x, y, { ...settings, initialEpoch: 1, callbacks });
    const training = path.join(folder, "train");
    assert.equal(fs.readdirSync(training).length, 2);
    assert.ok(!fs.existsSync(path.join(folder, "validation")));
    const [{ scalars } = assert.fail()] =
      (await readRuns(context, [training])) ?? [];
    if (scalars === undefined) return;
    const steps = (name: string) => scalars[name]!.map(([step]) => step);
    assert.deepEqual(steps("epoch_loss"), [0, 1, 2]);
    assert.deepEqual(steps("batch_loss"), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("continues the steps of a run with checkpoints", async (context) => {
    const folder = await temporaryFolder(context);
    const logs = path.join(folder, "logs");
    for (const epochs of [1, 3]) {
      setSeed(1);
      await smallNetwork().fit(x, y, {
        ...settings,
        epochs,
        callbacks: [
          checkpoints(path.join(folder, "run")),
          tensorBoard(logs, { updateFreq: "batch" }),
        ],
      });
    }
    const runs = await readRuns(context, [path.join(logs, "train")]);
    if (runs === undefined) return;
    const steps = runs[0]!.scalars["batch_loss"]!.map(([step]) => step);
    assert.deepEqual(steps, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("writes the learning rate that takes effect", async (context) => {
    const optimizers = {
      sgd: tf.train.sgd(0.25),
      momentum: tf.train.momentum(0.125, 0.9),
      adam: tf.train.adam(0.5),
    };
    // Has no effect in tfjs, which has stored the rate elsewhere.
    (optimizers.sgd as unknown as { learningRate: number }).learningRate = 7;
    const folder = await temporaryFolder(context);
    for (const [name, optimizer] of Object.entries(optimizers)) {
      const model = smallNetwork();
      model.compile({ optimizer, loss: "categoricalCrossentropy" });
      const callbacks = tensorBoard(path.join(folder, name));
      await model.fit(x, y, { ...settings, epochs: 1, callbacks });
    }
    const runs = await readRuns(
      context,
      Object.keys(optimizers).map((name) => path.join(folder, name, "train")),
    );
    if (runs === undefined) return;
    const rates = runs.map(({ scalars }) => scalars["epoch_learning_rate"]);
    assert.deepEqual(rates, [[[0, 0.25]], [[0, 0.125]], [[0, 0.5]]]);
  });

  test("writes the values of a batch whose loss is not finite at once", async (context) => {
    const folder = path.join(await temporaryFolder(context), "run");
    const bad = tf.tidy(() => tf.where(tf.onesLike(x).toBool(), NaN, x));
    await assert.rejects(
      smallNetwork().fit(bad, y, {
        ...settings,
        callbacks: [
          tensorBoard(folder, { updateFreq: 100 }),
          new tf.CustomCallback({
            onBatchEnd: () => {
              throw new Error("stopped by the test");
            },
          }),
        ],
      }),
      /stopped by the test/,
    );
    const runs = await readRuns(context, [path.join(folder, "train")]);
    if (runs === undefined) return;
    const [[step, value] = assert.fail()] = runs[0]!.scalars["batch_loss"]!;
    assert.deepEqual([step, value], [1, "nan"]);
  });

  test("rejects wrong options", () => {
    const wrong = { histogramFreq: -1, updateFreq: 0, imageColumns: 1.5 };
    for (const [name, value] of Object.entries(wrong)) {
      assert.throws(
        () => tensorBoard("unused", { [name]: value }),
        errorWith("ERR_INVALID_VALUE", `\`${name}\``, value),
      );
    }
    assert.throws(
      () => tensorBoard("unused", { updateFreq: "step" as "batch" }),
      errorWith("ERR_INVALID_VALUE", "`updateFreq`", '"step"'),
    );
  });

  test("rejects a list that tfjs would misread", async (context) => {
    const folder = await temporaryFolder(context);
    const plain = { onEpochEnd: () => undefined };
    const callbacks = [plain, tensorBoard(folder)] as tf.CustomCallbackArgs[];
    await assert.rejects(
      smallNetwork().fit(x, y, { ...settings, callbacks }),
      errorWith("ERR_INVALID_STATE", "tf.CustomCallback"),
    );
  });
});

describe("the graph of a model", () => {
  /** Two inputs, a shared layer, and a model within the model. */
  function branched(): tf.LayersModel {
    const inner = tf.sequential({
      name: "inner",
      layers: [
        tf.layers.dense({ name: "first", units: 4, inputShape: [4] }),
        tf.layers.dense({ name: "second", units: 4 }),
      ],
    });
    const one = tf.input({ shape: [4], name: "one" });
    const other = tf.input({ shape: [4], name: "other" });
    const shared = tf.layers.dense({ name: "shared", units: 4 });
    const within = inner.apply(shared.apply(one)) as tf.SymbolicTensor;
    const sum = tf.layers
      .add({ name: "sum" })
      .apply([within, shared.apply(other) as tf.SymbolicTensor]);
    return tf.model({
      name: "outer",
      inputs: [one, other],
      outputs: sum as tf.SymbolicTensor,
    });
  }

  test("has a node for each use of a layer, and those of models within it", async (context) => {
    const folder = await temporaryFolder(context);
    const writer = new EventWriter(folder);
    writer.graph(branched());
    writer.close();
    const runs = await readRuns(context, [folder]);
    if (runs === undefined) return;
    assert.deepEqual(runs[0]!.graph, [
      ["one", "InputLayer", []],
      ["shared", "Dense", ["one"]],
      ["inner/first_input", "InputLayer", ["shared"]],
      ["inner/first", "Dense", ["inner/first_input"]],
      ["inner/second", "Dense", ["inner/first"]],
      ["other", "InputLayer", []],
      ["shared_1", "Dense", ["other"]],
      ["sum", "Add", ["inner/second", "shared_1"]],
    ]);
  });
});
