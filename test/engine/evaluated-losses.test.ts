/**
 * The values of `evaluate` and of validation for a model with several outputs: the total loss, the
 * loss of each output, the metrics.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setEngine } from "../../src/engine/switch";
import { tf } from "../../src/engine/tensorflow";

/** A model whose outputs are 0, with losses 1 and 9. */
function twoOutputs() {
  const input = tf.input({ shape: [2] });
  const outputs = ["one", "two"].map(
    (name) =>
      tf.layers
        .dense({ name, units: 1, kernelInitializer: "zeros" })
        .apply(input) as tf.SymbolicTensor,
  );
  const model = tf.model({ inputs: input, outputs });
  model.compile({
    optimizer: tf.train.sgd(0),
    loss: "meanSquaredError",
    metrics: ["mae"],
  });
  return model;
}

const x = tf.ones([4, 2]);
const y = [tf.ones([4, 1]), tf.fill([4, 1], 3)];
const expected = {
  loss: 10,
  one_loss: 1,
  two_loss: 9,
  one_mae: 1,
  two_mae: 3,
};

describe("several outputs", () => {
  after(() => setEngine("on"));
  for (const engine of ["off", "graph", "on"] as const) {
    test(`have their losses by name, engine ${engine}`, async () => {
      setEngine(engine);
      const model = twoOutputs();
      const found = model.evaluate(x, y, { batchSize: 2 }) as tf.Scalar[];
      assert.deepEqual(
        found.map((value) => value.dataSync()[0]),
        Object.values(expected),
      );
      const { history } = await model.fit(x, y, {
        epochs: 1,
        verbose: 0,
        validationData: [x, y],
      });
      for (const [name, value] of Object.entries(expected)) {
        assert.deepEqual(history[name], [value], name);
        assert.deepEqual(history[`val_${name}`], [value], `val_${name}`);
      }
    });
  }
});
