/**
 * Summaries, costs and training of models with Keras-compatible layers.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { layerCosts } from "../../src/models/layer-costs";
import { receptiveFields } from "../../src/models/receptive-fields";
import { summary } from "../../src/models/summary";
import { compileFromLogits } from "../../src/training/logits";

function dilatedModel(): tf.LayersModel {
  return tf.sequential({
    layers: [
      keras.conv2d({
        filters: 4,
        kernelSize: 3,
        dilationRate: 2,
        inputShape: [9, 9, 1],
      }),
      keras.batchNormalization(),
      tf.layers.flatten(),
      keras.dense({ units: 3 }),
      keras.softmax(),
    ],
  });
}

describe("models with Keras-compatible layers", () => {
  test("have Keras's names in a summary", () => {
    assert.deepEqual(
      summary(dilatedModel()).rows.map(({ name }) => name),
      ["conv2d", "batch_normalization", "flatten", "dense", "softmax"],
    );
  });

  test("have the costs of their kernels", () => {
    const [convolution, normalization] = layerCosts(dilatedModel());
    assert.equal(convolution!.type, "Conv2D");
    assert.equal(convolution!.multiplications, 5 * 5 * 4 * 9);
    assert.equal(normalization!.multiplications, 5 * 5 * 4);
  });

  test("have receptive fields of the size of their dilated kernels", () => {
    const [convolution] = receptiveFields(dilatedModel());
    assert.deepEqual(convolution!.size, [5, 5]);
  });

  test("are trained on the logits of their softmax", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 3,
          useBias: false,
          kernelInitializer: "identity",
          inputShape: [3],
        }),
        keras.softmax(),
      ],
    });
    compileFromLogits(model, { optimizer: "sgd", metrics: [] });
    const logits = tf.tensor2d([[40, 0, 0]]);
    const loss = model.evaluate(logits, tf.tensor2d([[1]]), { verbose: 0 });
    assert.equal((loss as tf.Scalar).dataSync()[0], 40);
  });
});
