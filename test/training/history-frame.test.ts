/**
 * Histories as DataFrames, compared with NumPy.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { jupyterDisplay, type Displayable } from "../../src/notebook/mime";
import { History } from "../../src/training/history";
import { historyFrame } from "../../src/training/history-frame";
import { historyTable } from "../../src/training/history-table";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";

const curves = {
  loss: [1.5074, 1.1462, 0.6014, 0.5582],
  accuracy: [0.4526, 0.5928, 0.7867, 0.8037],
  val_loss: [1.2683, 1.0982, 0.8803, 0.9265],
};
const config = { epochs: 4, batchSize: 32, samples: 64, validationSamples: 32 };
const history = new History(config, curves, [4, 3, 3, 3]);

/** Number of loaded files of danfojs. */
const loaded = () =>
  Object.keys(require.cache).filter((file) => file.includes("danfojs-node"))
    .length;

describe("historyFrame", () => {
  test("loads danfojs on the first call, without a second copy of tfjs", () => {
    assert.equal(loaded(), 0);
    const frame = historyFrame(history);
    assert.ok(loaded() > 0);
    assert.ok(frame.tensor instanceof tf.Tensor);
  });

  test("has a row per epoch, from 1, and a column per curve, in order", () => {
    const frame = historyFrame(history);
    assert.deepEqual(frame.shape, [4, 3]);
    assert.deepEqual(frame.columns, Object.keys(curves));
    assert.deepEqual(frame.index, [1, 2, 3, 4]);
    for (const [name, values] of Object.entries(curves)) {
      assert.deepEqual(frame.column(name).values, values);
    }
  });

  test("has the means, deviations and order of NumPy", async (context) => {
    const expected = await runNumpy<{
      means: number[];
      deviations: number[];
      order: number[];
    }>(
      context,
      `
a = np.array(given["curves"])
result = {"means": a.mean(1).tolist(), "deviations": a.std(1, ddof=1).tolist(), "order": (np.argsort(a[2]) + 1).tolist()}`,
      { curves: Object.values(curves) },
    );
    if (expected === undefined) return;
    const frame = historyFrame(history);
    const close = (values: readonly unknown[], reference: number[]) => {
      assert.equal(values.length, reference.length);
      for (const [index, value] of values.entries()) {
        assert.ok(Math.abs((value as number) - reference[index]!) < 1e-12);
      }
    };
    close(frame.mean({ axis: 0 }).values, expected.means);
    close(frame.std({ axis: 0 }).values, expected.deviations);
    assert.deepEqual(frame.sortValues("val_loss").index, expected.order);
  });

  test("copies the history's values", () => {
    const frame = historyFrame(history);
    frame.addColumn("loss", [0, 0, 0, 0], { inplace: true });
    assert.deepEqual(history.loss, curves.loss);
  });

  test("is displayed like the table", () => {
    const frame = historyFrame(history) as unknown as Displayable;
    assert.deepEqual(
      frame[jupyterDisplay](),
      historyTable(history)[jupyterDisplay](),
    );
  });

  test("rejects an empty history", () => {
    assert.throws(
      () => historyFrame(new History(config, {}, [])),
      errorWith("ERR_INVALID_VALUE", "at least one finished epoch"),
    );
  });
});
