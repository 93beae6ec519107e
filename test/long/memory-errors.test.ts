/**
 * Memory that TensorFlow cannot allocate, in all modes of the engine. TensorFlow tries for ten
 * seconds before it gives up.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setEngine } from "../../src/engine";
import { tf } from "../../src/engine/tensorflow";
import { whyUnlimited, wideModel } from "../engine/wide-model";
import { errorWith } from "../error-with";

/** Adds a column and a row. */
const sumOfTerabytes = () =>
  tf.add(tf.zeros([1_000_000, 1]), tf.zeros([1, 1_000_000]));

for (const state of ["on", "graph"] as const) {
  describe(`with the engine's mode ${state}`, { skip: whyUnlimited() }, () => {
    before(() => setEngine(state));
    after(() => setEngine("on"));

    test("an operation names its tensor", () => {
      assert.throws(
        sumOfTerabytes,
        errorWith("ERR_MEMORY", "(1,000,000, 1,000,000), float32 (4 TB)"),
      );
      assert.throws(
        () => tf.oneHot(tf.zeros([1_000_000], "int32"), 1_000_000),
        errorWith("ERR_MEMORY", "(1,000,000, 1,000,000), int32 (4 TB)"),
      );
    });

    test("prediction and evaluation name the layer, the tensor and its size", () => {
      const { model, wide } = wideModel(1_000_000);
      const [x, y] = [tf.zeros([4000, 1000]), tf.zeros([4000, 1000])];
      for (const run of [
        () => model.predict(x, { batchSize: 4000 }),
        () => model.evaluate(x, y, { batchSize: 4000, verbose: 0 }),
      ]) {
        assert.throws(run, errorWith("ERR_MEMORY", "float32 (16 TB)", wide));
      }
    });

    test("training names the layer, the tensor and its size", async () => {
      const { model, wide } = wideModel(1_000_000);
      const [x, y] = [tf.zeros([4000, 1000]), tf.zeros([4000, 1000])];
      await assert.rejects(
        model.fit(x, y, { batchSize: 4000, verbose: 0 }),
        errorWith("ERR_MEMORY", "float32 (16 TB)", wide),
      );
    });
  });
}

test(
  "without the engine, TensorFlow's own errors stay",
  { skip: whyUnlimited() },
  () => {
    setEngine("off");
    try {
      assert.throws(sumOfTerabytes, /OOM when allocating/);
    } finally {
      setEngine("on");
    }
  },
);
