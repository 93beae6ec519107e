/**
 * The same seed reproduces weights, order and dropout bit by bit.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setEngine } from "../../src/engine";
import { tf } from "../../src/engine/tensorflow";
import { evaluate } from "../../src/training/evaluate";
import { fit } from "../../src/training/fit";
import { compileFromLogits } from "../../src/training/logits";
import { setSeed } from "../../src/training/seed";
import { errorWith } from "../error-with";
import { withHost } from "../notebook/notebook-host";

interface Trial {
  /** Dropout rate; 0.5 by default. */
  readonly rate?: number;
  /** Called with the model before training. */
  readonly use?: (model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) => void;
}

/**
 * Trains a small network with a convolution and dropout. Returns the bits of its weights, and its
 * curves.
 */
async function train(seed: number, { rate = 0.5, use }: Trial = {}) {
  setSeed(seed);
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      filters: 4,
      kernelSize: 3,
      activation: "relu",
      inputShape: [6, 6, 1],
    }),
  );
  model.add(tf.layers.flatten());
  if (rate > 0) model.add(tf.layers.dropout({ rate }));
  model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
  compileFromLogits(model, { optimizer: "adam" });
  const initial = bits(model);
  const x = tf.randomUniform([90, 6, 6, 1], 0, 1, "float32", 11);
  const y = tf.tensor2d(
    Array.from({ length: 90 }, (_, row) => row % 3),
    [90, 1],
    "int32",
  );
  use?.(model, x, y);
  const history = await withHost(() =>
    fit(model, x, y, {
      epochs: 3,
      batchSize: 16,
      validationData: [x, y],
      seed,
    }),
  );
  return { initial, trained: bits(model), curves: history.result.curves };
}

function bits(model: tf.LayersModel): string {
  return model
    .getWeights()
    .map((weight) =>
      Buffer.from(
        Float32Array.from(weight.dataSync<"float32">()).buffer,
      ).toString("hex"),
    )
    .join(" ");
}

/**
 * Returns a value of `Math.random` after a run of `fit`, which depends on the number of draws in
 * the run.
 */
async function valueAfterFit(engine: "on" | "off"): Promise<number> {
  setEngine(engine);
  try {
    await train(4, { rate: 0 });
    return Math.random();
  } finally {
    setEngine("on");
  }
}

describe("setSeed", () => {
  for (const rate of [0, 0.5]) {
    test(`earlier use of a model does not affect training, dropout ${rate}`, async () => {
      const fresh = await train(3, { rate });
      const uses: Trial["use"][] = [
        (model, x, y) => evaluate(model, x, y),
        (model, x) => model.predict(x),
        (model, x, y) => {
          evaluate(model, x, y);
          compileFromLogits(model, { optimizer: "adam" });
        },
      ];
      for (const use of uses) {
        assert.deepEqual(await train(3, { rate, use: use! }), fresh);
      }
    });
  }

  test("has the sample order of plain TensorFlow.js for models without random layers", async () => {
    assert.equal(await valueAfterFit("on"), await valueAfterFit("off"));
  });

  test("gives the same bits for the same seed, and others for another", async () => {
    const first = await train(7);
    const again = await train(7);
    const other = await train(8);
    assert.deepEqual(again, first);
    assert.notEqual(other.initial, first.initial);
    assert.notEqual(other.trained, first.trained);
    assert.notEqual(first.trained, first.initial);
  });

  test("varies dropout and order between steps, unlike a layer's seed", () => {
    setSeed(3);
    const masks = [1, 2].map(() =>
      (
        tf.layers
          .dropout({ rate: 0.5 })
          .apply(tf.ones([4, 50]), { training: true }) as tf.Tensor
      ).dataSync(),
    );
    assert.notDeepEqual(masks[0], masks[1]);
    const orders = [1, 2].map(() => {
      const order = [...Array(50).keys()];
      tf.util.shuffle(order);
      return order;
    });
    assert.notDeepEqual(orders[0], orders[1]);
  });

  test("progress displays do not draw from Math.random", async () => {
    setSeed(1);
    const expected = Math.random();
    setSeed(1);
    await withHost(async () => {
      const { display } = await import("../../src/notebook/display");
      display({ "text/plain": "one" }).update({ "text/plain": "two" });
    });
    assert.equal(Math.random(), expected);
  });

  test("rejects seeds that are not integers", () => {
    for (const seed of [1.5, NaN, "7", undefined]) {
      assert.throws(
        () => setSeed(seed as number),
        errorWith("ERR_INVALID_VALUE", "seed", "integer", String(seed)),
      );
    }
  });
});
