/**
 * The likeliest class of each sample, the maps of a layer, and a training run as a table.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { featureMaps } from "../../src/models/feature-maps";
import { History } from "../../src/training/history";
import { historyTable } from "../../src/training/history-table";
import { predictedClasses } from "../../src/training/predicted-classes";
import { setWeights } from "../../src/training/weights";
import { runNumpy } from "../oracles/python";

/** Hands on what it is given. */
const handOn = (classes: number) =>
  tf.sequential({
    layers: [
      tf.layers.activation({ activation: "linear", inputShape: [classes] }),
    ],
  });

describe("predictedClasses", () => {
  test("is NumPy's argmax, the first of equal ones, whatever the batch size", async (context) => {
    const outputs = Array.from({ length: 37 }, (_, n) =>
      Array.from({ length: 6 }, (_, k) =>
        Math.round(4 * Math.sin(n * 7 + k * 5)),
      ),
    );
    const expected = await runNumpy<number[]>(
      context,
      'result = np.array(given["outputs"]).argmax(1).tolist()',
      { outputs },
    );
    if (expected === undefined) return;
    for (const batchSize of [1, 10, 37, 100]) {
      const classes = predictedClasses(handOn(6), tf.tensor2d(outputs), {
        batchSize,
      });
      assert.deepEqual([...classes.data], expected);
      assert.deepEqual(classes.shape, [37]);
    }
  });

  test("leaves no tensors behind, and refuses an output that is no list of classes", () => {
    const model = handOn(3);
    const images = tf.ones([4, 3]);
    predictedClasses(model, images);
    const before = tf.memory().numTensors;
    predictedClasses(model, images);
    assert.equal(tf.memory().numTensors, before);
    const picture = tf.sequential({
      layers: [
        tf.layers.activation({ activation: "relu", inputShape: [2, 2] }),
      ],
    });
    assert.throws(() => predictedClasses(picture, tf.ones([1, 2, 2])), {
      name: "RangeError",
      message:
        "Expected a model whose output has shape (n, at most 256 classes), received (1, 2, 2)",
    });
  });
});

describe("featureMaps", () => {
  const convolution = tf.layers.conv2d({
    filters: 2,
    kernelSize: 2,
    activation: "relu",
    inputShape: [3, 3, 1],
  });
  const model = tf.sequential({
    layers: [convolution, tf.layers.flatten(), tf.layers.dense({ units: 1 })],
  });
  // One filter takes the upper left pixel of its window, the other the lower right one, negated.
  setWeights(convolution, [
    { shape: [2, 2, 1, 2], data: [1, 0, 0, 0, 0, 0, 0, -1] },
    { shape: [2], data: [0, 0] },
  ]);
  const picture = tf.tensor3d([1, 2, 3, 4, -5, 6, 7, 8, -9], [3, 3, 1]);

  test("are what the layer makes of the picture, with or without the axis of the batch", () => {
    for (const given of [picture, picture.expandDims(0)]) {
      const maps = featureMaps(model, convolution, given);
      assert.deepEqual(maps.shape, [2, 2, 2]);
      assert.deepEqual([...maps.dataSync()], [1, 5, 2, 0, 4, 0, 0, 9]);
    }
  });

  test("leave behind only themselves", () => {
    featureMaps(model, convolution, picture).dispose();
    const before = tf.memory().numTensors;
    const maps = featureMaps(model, convolution, picture);
    assert.equal(tf.memory().numTensors, before + 1);
    maps.dispose();
  });

  test("refuse a layer of another model, one without maps, and several pictures", () => {
    const other = tf.layers.conv2d({
      filters: 1,
      kernelSize: 1,
      name: "other",
    });
    const [first, flat, dense] = model.layers.map(({ name }) => name);
    assert.throws(() => featureMaps(model, other, picture), {
      name: "RangeError",
      message: `Expected a layer of the model (${first}, ${flat}, ${dense}), received other`,
    });
    assert.throws(() => featureMaps(model, model.layers[1]!, picture), {
      message: `Expected a layer with output (None, rows, columns, filters), received ${flat} with (None, 8)`,
    });
    assert.throws(
      () => featureMaps(model, convolution, tf.ones([2, 3, 3, 1])),
      {
        message:
          "Expected one picture of shape (height, width, channels), received (2, 3, 3, 1)",
      },
    );
  });
});

describe("historyTable", () => {
  const curves = {
    loss: [1.5, 1.1, 0.9, 0.8, 0.7],
    val_loss: [1.2, 1, 0.95, 1.05, 1.1],
  };
  const plan = { epochs: 5, batchSize: 32, samples: 64, validationSamples: 32 };
  const history = new History(plan, curves, [4, 3, 3, 3, 2]);

  test("has a row an epoch, a column a curve, and names the best epoch", () => {
    const { columns, rows, notes } = historyTable(history);
    assert.deepEqual(columns, ["epoch", "loss", "val_loss", "seconds"]);
    assert.deepEqual(rows[0], [1, 1.5, 1.2, 4]);
    assert.deepEqual(rows[4], [5, 0.7, 1.1, 2]);
    assert.deepEqual(notes, ["Smallest val_loss: 0.9500 after epoch 3"]);
  });

  test("leaves out the middle of a long run where told to, and says so", () => {
    const { rows, notes } = historyTable(history, { rows: 3 });
    assert.deepEqual(
      rows.map(([epoch]) => epoch),
      [1, 2, null, 5],
    );
    assert.equal(notes[0], "2 of 5 epochs are left out");
    assert.equal(historyTable(history, { rows: 5 }).rows.length, 5);
  });

  test("takes a run without validation, and refuses a number of rows that is none", () => {
    const plain = new History(plan, { loss: [1] }, [1]);
    assert.deepEqual(historyTable(plain).notes, []);
    for (const rows of [1, 2.5]) {
      assert.throws(() => historyTable(history, { rows }), {
        name: "RangeError",
        message: `Expected \`rows\` to be a whole number from 2, received ${rows}`,
      });
    }
  });
});
