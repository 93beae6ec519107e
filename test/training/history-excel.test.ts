/**
 * Histories as Excel files: written by danfojs with `@e965/xlsx`, and read back.
 *
 * `test/long/excel.test.ts` exchanges such files with openpyxl.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { DataFrame, readExcel } from "danfojs-node";
import { History } from "../../src/training/history";
import { historyFrame } from "../../src/training/history-frame";

const folder = mkdtempSync(path.join(tmpdir(), "convnotes-excel-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a frame, reads the file, and returns the frame that was read. */
async function wayThroughExcel(
  frame: DataFrame,
  name: string,
): Promise<DataFrame> {
  const filePath = path.join(folder, `${name}.xlsx`);
  frame.toExcel({ filePath, sheetName: "Curves" });
  assert.ok(existsSync(filePath));
  return (await readExcel(filePath)) as DataFrame;
}

describe("an Excel file", () => {
  test("of a history has its curves, to the last digit, without the epochs", async () => {
    const curves = {
      loss: [1.5074, 1 / 3, 2.5e-7],
      val_loss: [1.2683, 1.0982, 1e9],
    };
    const config = {
      epochs: 3,
      batchSize: 32,
      samples: 64,
      validationSamples: 0,
    };
    const frame = historyFrame(new History(config, curves, [4, 3, 3]));
    assert.deepEqual(frame.index, [1, 2, 3]);
    const read = await wayThroughExcel(frame, "history");
    assert.deepEqual(read.columns, ["loss", "val_loss"]);
    assert.deepEqual(read.values, frame.values);
    assert.deepEqual(read.index, [0, 1, 2]);
  });

  test("keeps texts, truth values and the types of columns", async () => {
    const rows = [
      [1, "a b", true],
      [2, 'ü, "x"\n<&>', false],
      [-3, "=1+1", true],
    ];
    const columns = ["epoch", "note", "best"];
    const read = await wayThroughExcel(new DataFrame(rows, { columns }), "all");
    assert.deepEqual(read.columns, columns);
    assert.deepEqual(read.values, rows);
    assert.deepEqual(read.dtypes, ["int32", "string", "boolean"]);
  });
});
