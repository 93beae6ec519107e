/**
 * Tests the titles of figures on paper.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { figureTitle } from "../../scripts/handouts/pdf/figure-titles";

const annotated = (...texts: string[]) => ({
  layout: { annotations: texts.map((text) => ({ text })) },
});

test("a curve has its text, and its own title before it", () => {
  const text = "Accuracy over 10 epochs\ntraining: 0.3 in the first epoch";
  assert.equal(figureTitle({}, text), "Accuracy over 10 epochs");
  assert.equal(
    figureTitle({ layout: { title: { text: "<b>Third network</b>" } } }, text),
    "Third network: accuracy over 10 epochs",
  );
});

test("numbers in frames have the labels of the frames", () => {
  assert.equal(
    figureTitle(
      annotated(
        "input, 6 × 6",
        "∗",
        "kernel, 3 × 3",
        "=",
        "output, 4 × 4",
        "Data: none",
      ),
      "input:\n 0 0",
    ),
    "Input, 6 × 6 ∗ kernel, 3 × 3 = output, 4 × 4",
  );
});

test("a grid says how many images it has", () => {
  assert.equal(
    figureTitle({}, "2 x 5 images, row by row:\ncat, dog"),
    "2 × 5 images with their classes",
  );
  assert.equal(
    figureTitle({}, "1 x 1 images, row by row:\ncat"),
    "One image with its class",
  );
});

test("a plot has its axes and the names of its curves", () => {
  const layout = {
    xaxis: { title: { text: "epoch" } },
    yaxis: { title: "live units" },
  };
  assert.equal(
    figureTitle(
      { layout },
      "second: 3 points, from 1 to 2\nthird: 3 points, from 1 to 2",
    ),
    "Live units by epoch: second; third",
  );
  assert.equal(
    figureTitle({ layout }, "scatter 1: 5 points, from 1 to 25"),
    "Live units by epoch",
  );
});

test("a figure without text has no title", () => {
  assert.equal(figureTitle({}, ""), null);
});
