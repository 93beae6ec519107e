/**
 * Feature maps of a layer for one image.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { featureMaps } from "../../src/models/feature-maps";
import { setWeights } from "../../src/training/weights";
import { errorWith } from "../error-with";

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
  // One filter selects the upper left pixel of its window, the other the lower right one, negated.
  setWeights(convolution, [
    { shape: [2, 2, 1, 2], data: [1, 0, 0, 0, 0, 0, 0, -1] },
    { shape: [2], data: [0, 0] },
  ]);
  const image = tf.tensor3d([1, 2, 3, 4, -5, 6, 7, 8, -9], [3, 3, 1]);

  test("returns the layer's output for the image, with or without a batch axis", () => {
    for (const given of [image, image.expandDims(0)]) {
      const maps = featureMaps(model, convolution, given);
      assert.deepEqual(maps.shape, [2, 2, 2]);
      assert.deepEqual([...maps.dataSync()], [1, 5, 2, 0, 4, 0, 0, 9]);
    }
  });

  test("creates no other tensors", () => {
    featureMaps(model, convolution, image).dispose();
    const before = tf.memory().numTensors;
    const maps = featureMaps(model, convolution, image);
    assert.equal(tf.memory().numTensors, before + 1);
    maps.dispose();
  });

  test("rejects a layer of another model, one without maps, and several images", () => {
    const other = tf.layers.conv2d({
      filters: 1,
      kernelSize: 1,
      name: "other",
    });
    const [first, flat, dense] = model.layers.map(({ name }) => name);
    assert.throws(
      () => featureMaps(model, other, image),
      errorWith("ERR_INVALID_VALUE", `(${first}, ${flat}, ${dense})`, "other"),
    );
    assert.throws(
      () => featureMaps(model, model.layers[1]!, image),
      errorWith(
        "ERR_SHAPE",
        "(None, rows, columns, filters)",
        `${flat} with (None, 8)`,
      ),
    );
    assert.throws(
      () => featureMaps(model, convolution, tf.ones([2, 3, 3, 1])),
      errorWith("ERR_SHAPE", "(height, width, channels)", "(2, 3, 3, 1)"),
    );
  });
});
