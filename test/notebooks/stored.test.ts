/**
 * Tests the notebooks stored in the repository: run from top to bottom, without errors and
 * unexpected outputs.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { root, type Cell } from "../lessons/notebook-file";

const folder = path.join(root, "notebooks");
const maxBytes = 2_000_000;

/**
 * Cells outside the exercises that have been added since the notebook's full run, or "whole" for a
 * notebook without a full run. A full run has to remove them from this list.
 */
const notRunYet: Readonly<Record<string, readonly string[] | "whole">> = {};

/** The output types that JupyterLab and the exported page show. */
const shownTypes = [
  "application/vnd.convnotes.result+json",
  "application/vnd.plotly.v1+json",
  "image/png",
  "text/html",
  "text/plain",
];

for (const file of readdirSync(folder).filter((name) =>
  name.endsWith(".ipynb"),
)) {
  describe(file, () => {
    const text = readFileSync(path.join(folder, file), "utf8");
    const { cells } = JSON.parse(text) as { cells: Cell[] };
    const codeCells = cells.filter((cell) => cell.cell_type === "code");

    test("is smaller than 2 MB and contains no copy of plotly.js", () => {
      assert.ok(Buffer.byteLength(text) < maxBytes);
      assert.ok(!text.includes("plotly.js (cartesian"));
    });

    test("every cell has the metadata `mirrors`, false for an addition", () => {
      for (const { id, metadata } of cells) {
        const mirrors = metadata["mirrors"] as false | { row?: unknown };
        const isValid = mirrors === false || typeof mirrors?.row === "string";
        assert.ok(isValid, `cell ${id}`);
      }
    });

    const isOpen = (cell: Cell) =>
      cell.execution_count === null && (cell.outputs ?? []).length === 0;
    const exercises = new Set(cellsBelow("## Exercises", cells));

    test("was run once from top to bottom, except for exercises and cells not run yet", () => {
      const notRun = notRunYet[file] ?? [];
      const open = codeCells.filter(isOpen);
      assert.deepEqual(
        open
          .filter((cell) => notRun !== "whole" && !exercises.has(cell))
          .map(({ id }) => id),
        notRun === "whole" ? [] : notRun,
      );
      const ran = codeCells.filter((cell) => !isOpen(cell));
      assert.equal(ran.length === 0, notRun === "whole");
      assert.deepEqual(
        ran.map((cell) => cell.execution_count),
        ran.map((_, index) => index + 1),
      );
    });

    test("contains no error and no output type that is not shown", () => {
      for (const { id, outputs = [] } of codeCells) {
        for (const { output_type, data } of outputs) {
          assert.notEqual(output_type, "error", `cell ${id}`);
          const types = Object.keys((data as object | undefined) ?? {});
          assert.deepEqual(
            types.filter((type) => !shownTypes.includes(type)),
            [],
            `cell ${id}`,
          );
        }
      }
    });

    test("contains no path of the machine it was run on", () => {
      for (const { id, outputs = [] } of codeCells) {
        assert.doesNotMatch(
          JSON.stringify(outputs),
          /(?<![\w/.])\/(?:home|root|work|tmp|Users)\//,
          `cell ${id}`,
        );
      }
    });
  });
}

/** Returns the cells from a heading of level 2 to the next one. */
function cellsBelow(heading: string, cells: readonly Cell[]): Cell[] {
  let isBelow = false;
  return cells.filter((cell) => {
    const text = [cell.source].flat().join("");
    if (cell.cell_type === "markdown" && text.startsWith("## ")) {
      isBelow = text.startsWith(`${heading}\n`) || text === heading;
    }
    return isBelow;
  });
}
