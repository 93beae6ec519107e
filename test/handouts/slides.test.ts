/**
 * Tests the slides of a lesson and of a lab as a class sees them. test/long has those of all
 * notebooks.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { slidesNotebook } from "../../scripts/handouts/slides/notebook";
import {
  readNotebook,
  sourceOf,
  type Cell,
} from "../../scripts/handouts/notebook";
import path from "node:path";
import { root } from "../lessons/notebook-file";
import { testSlides } from "./slides-of";

testSlides(["lesson-1", "labs/lab-1"], "three slides");

test("links on slides lead to slides, not to their sections", () => {
  const cell: Cell = {
    cell_type: "markdown",
    id: "a",
    metadata: {},
    source: "[Lab 1](labs/lab-1.ipynb#Step-1), [data](../docs/data.md)",
  };
  const notebook = {
    cells: [cell],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
  const [linked] = slidesNotebook(notebook, ["lab-1"]).cells;
  assert.equal(sourceOf(linked!), "[Lab 1](lab-1.html), data");
});

describe("solutions on slides", () => {
  const lab = readNotebook(path.join(root, "notebooks", "labs", "lab-1.ipynb"));
  const cells = slidesNotebook(lab, []).cells;

  test("are gaps for the class, and notes for the speaker", () => {
    const solved = lab.cells.filter((cell) =>
      sourceOf(cell).includes("BEGIN SOLUTION"),
    );
    assert.ok(solved.length > 0);
    for (const { id } of solved) {
      const at = cells.findIndex((cell) => cell.id === id);
      assert.match(sourceOf(cells[at]!), /YOUR CODE HERE/);
      const note = cells[at + 1]!;
      assert.deepEqual(note.metadata["slideshow"], { slide_type: "notes" });
      assert.doesNotMatch(sourceOf(note), /YOUR CODE HERE|SOLUTION/);
      assert.match(sourceOf(note), /^\*\*Solution\*\*\n\n```typescript\n/);
    }
    assert.equal(cells.length, lab.cells.length + solved.length);
  });
});
