/**
 * The likeliest class of each sample.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { predictedClasses } from "../../src/training/predicted-classes";
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
