/**
 * Predicted classes.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { predictedClasses } from "../../src/training/predicted-classes";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";

/** A model that returns its input. */
const identityModel = (classes: number) =>
  tf.sequential({
    layers: [
      tf.layers.activation({ activation: "linear", inputShape: [classes] }),
    ],
  });

describe("predictedClasses", () => {
  test("equals NumPy's argmax for any batch size, with the first of equal outputs", async (context) => {
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
      const classes = predictedClasses(identityModel(6), tf.tensor2d(outputs), {
        batchSize,
      });
      assert.deepEqual([...classes.data], expected);
      assert.deepEqual(classes.shape, [37]);
    }
  });

  test("leaks no tensors, and rejects outputs of other shapes", () => {
    const model = identityModel(3);
    const images = tf.ones([4, 3]);
    predictedClasses(model, images);
    const before = tf.memory().numTensors;
    predictedClasses(model, images);
    assert.equal(tf.memory().numTensors, before);
    const wrongOutput = tf.sequential({
      layers: [
        tf.layers.activation({ activation: "relu", inputShape: [2, 2] }),
      ],
    });
    assert.throws(
      () => predictedClasses(wrongOutput, tf.ones([1, 2, 2])),
      errorWith("ERR_SHAPE", 256, "(1, 2, 2)"),
    );
  });
});
