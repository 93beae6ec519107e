/**
 * A lesson that is run twice has the same results: lesson 1, from the first cell to the last, in quick mode on the stand-in. Compared is
 * all that its cells leave, to the last character, except how long things took.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { noKernel } from "../lessons/notebook-file";
import { quickRun, type QuickRun } from "../notebooks/executed-notebook";

/** What every code cell shows, as JSON, with times and rates taken out. */
function shown({ executed }: QuickRun): string[] {
  return executed.cells
    .filter((cell) => cell.cell_type === "code")
    .map((cell) =>
      JSON.stringify(cell.outputs)
        // A column of times is as wide as the longest of them.
        .replace(/ *\d[\d,]*(\.\d+)? (s|ms)\b/g, " TIME")
        .replace(/("secondsPerEpoch":)\d+(\.\d+)?/g, "$1TIME")
        .replace(/─+/g, "─"),
    );
}

test("lesson 1 run twice shows the same", { skip: noKernel }, async () => {
  const once = await quickRun(1);
  once.remove();
  const again = await quickRun(1);
  again.remove();
  const results = ({ rows }: QuickRun) =>
    rows.map((row) => ({ ...row, secondsPerEpoch: 0 }));
  assert.equal(results(once).length, 1);
  assert.deepEqual(results(again), results(once));
  const [first, second] = [shown(once), shown(again)];
  assert.equal(second.length, first.length);
  for (const [index, outputs] of first.entries()) {
    assert.equal(second[index], outputs, `code cell ${index + 1}`);
  }
});
