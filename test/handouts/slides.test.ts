/**
 * Tests the slides of a lesson and of a lab as a class sees them. test/long has those of all
 * notebooks.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withLinksToSlides } from "../../scripts/handouts/slides/links";
import { slidesNotebook } from "../../scripts/handouts/slides/notebook";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import path from "node:path";
import { root } from "../lessons/notebook-file";
import { testSlides } from "./slides-of";

testSlides(["lesson-1", "labs/lab-1"], "three slides");

describe("links on slides", () => {
  test("lead to the slides of notebooks that have some, and to the web", () => {
    const markdown =
      "[Lab 1](labs/lab-1.ipynb), [*two*](lab-2.ipynb#Step-1), [site](https://a.b/c.ipynb), [here](#Step)";
    assert.equal(
      withLinksToSlides(markdown, ["lab-1", "lab-2"]),
      "[Lab 1](lab-1.html), [*two*](lab-2.html), [site](https://a.b/c.ipynb), [here](#Step)",
    );
  });

  test("become text where the file is not beside the slides; images stay", () => {
    assert.equal(
      withLinksToSlides(
        "[Data](../docs/data.md) and [lab](lab-3.ipynb), ![a](b.png)",
        ["lab-1"],
      ),
      "Data and lab, ![a](b.png)",
    );
  });
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
