/**
 * Layers that are added to a sequential model after its first use.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { summary } from "../../src/models/summary";

const uses: Readonly<Record<string, (model: tf.Sequential) => unknown>> = {
  countParams: (model) => model.countParams(),
  predict: (model) => model.predict(tf.ones([1, 2])),
  "tfjs's summary": (model) => model.summary(80, [], () => undefined),
  "the library's summary": summary,
};

describe("a layer added after the first use of a sequential model", () => {
  for (const [name, use] of Object.entries(uses)) {
    test(`after ${name}, predict has the new layer's output`, async () => {
      const model = tf.sequential();
      model.add(tf.layers.dense({ units: 3, inputShape: [2] }));
      use(model);
      model.add(tf.layers.dense({ units: 5 }));
      const input = tf.tensor2d([[1, 2]]);
      const [first, second] = model.layers;
      const expected = second!.apply(first!.apply(input)) as tf.Tensor;
      const found = model.predict(input) as tf.Tensor;
      assert.deepEqual(found.shape, [1, 5]);
      assert.deepEqual(found.dataSync(), expected.dataSync());
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      await model.fit(input, tf.ones([1, 5]), { verbose: 0 });
      assert.notDeepEqual(
        (model.predict(input) as tf.Tensor).dataSync(),
        expected.dataSync(),
      );
    });
  }
});
