/**
 * Tests that a lesson run twice has the same results: lesson 1 in quick mode on the synthetic
 * images.
 *
 * All outputs of its cells are compared character by character, except for times.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { noKernel } from "../lessons/notebook-file";
import { quickRun, type QuickRun } from "../notebooks/executed-notebook";

/** Returns the outputs of every code cell as JSON, without times and rates. */
function shown({ executed }: QuickRun): string[] {
  return executed.cells
    .filter((cell) => cell.cell_type === "code")
    .map((cell) =>
      JSON.stringify(cell.outputs)
        // The width of a column of times depends on the longest of them.
        .replace(/ *\d[\d,]*(\.\d+)? (s|ms)\b/g, " TIME")
        .replace(/("secondsPerEpoch":)\d+(\.\d+)?/g, "$1TIME")
        .replace(/─+/g, "─"),
    );
}

test(
  "lesson 1 run twice has the same outputs",
  { skip: noKernel },
  async () => {
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
  },
);
