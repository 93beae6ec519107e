/**
 * Training histories as tables.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { History } from "../../src/training/history";
import { historyTable } from "../../src/training/history-table";
import { errorWith } from "../error-with";

describe("historyTable", () => {
  const curves = {
    loss: [1.5, 1.1, 0.9, 0.8, 0.7],
    val_loss: [1.2, 1, 0.95, 1.05, 1.1],
  };
  const config = {
    epochs: 5,
    batchSize: 32,
    samples: 64,
    validationSamples: 32,
  };
  const history = new History(config, curves, [4, 3, 3, 3, 2]);

  test("has a row per epoch, a column per curve, and states the best epoch", () => {
    const { columns, rows, notes } = historyTable(history);
    assert.deepEqual(columns, ["epoch", "loss", "val_loss", "seconds"]);
    assert.deepEqual(rows[0], [1, 1.5, 1.2, 4]);
    assert.deepEqual(rows[4], [5, 0.7, 1.1, 2]);
    assert.deepEqual(notes, ["Smallest val_loss: 0.9500 after epoch 3"]);
  });

  test("omits the middle of a long run with the option `rows`, and states this", () => {
    const { rows, notes } = historyTable(history, { rows: 3 });
    assert.deepEqual(
      rows.map(([epoch]) => epoch),
      [1, 2, null, 5],
    );
    assert.equal(notes[0], "2 of 5 epochs are omitted");
    assert.equal(historyTable(history, { rows: 5 }).rows.length, 5);
  });

  test("accepts a run without validation, and rejects invalid numbers of rows", () => {
    const plain = new History(config, { loss: [1] }, [1]);
    assert.deepEqual(historyTable(plain).notes, []);
    for (const rows of [1, 2.5]) {
      assert.throws(
        () => historyTable(history, { rows }),
        errorWith("ERR_INVALID_VALUE", "rows", 2, rows),
      );
    }
  });
});
