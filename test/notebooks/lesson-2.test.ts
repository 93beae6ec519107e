/**
 * Tests lesson 2: runs it once in quick mode and checks every fact fixed by its source, and the
 * parameter counts of the architectures it describes; also checks the run stored in the repository.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { resultRows } from "../../scripts/lessons/results";
import type { ResultRow } from "../../src/course/result-row";
import { noBrowser } from "../jupyterlab/browser";
import { noKernel } from "../lessons/notebook-file";
import {
  assertPage,
  assertQuiet,
  assertSummary,
  Executed,
  quickRun,
  storedLesson,
  type QuickRun,
} from "./executed-notebook";

/** All fourteen rows, including those missing in the source's copy. */
const summary = {
  layers: [
    ["conv2d (Conv2D)", "(None, 28, 28, 64)", "3,200"],
    ["max_pooling2d (MaxPooling2D)", "(None, 14, 14, 64)", "0"],
    ["conv2d_1 (Conv2D)", "(None, 14, 14, 128)", "73,856"],
    ["conv2d_2 (Conv2D)", "(None, 14, 14, 128)", "147,584"],
    ["max_pooling2d_1 (MaxPooling2D)", "(None, 7, 7, 128)", "0"],
    ["conv2d_3 (Conv2D)", "(None, 7, 7, 256)", "295,168"],
    ["conv2d_4 (Conv2D)", "(None, 7, 7, 256)", "590,080"],
    ["max_pooling2d_2 (MaxPooling2D)", "(None, 3, 3, 256)", "0"],
    ["flatten (Flatten)", "(None, 2304)", "0"],
    ["dense (Dense)", "(None, 128)", "295,040"],
    ["dropout (Dropout)", "(None, 128)", "0"],
    ["dense_1 (Dense)", "(None, 64)", "8,256"],
    ["dropout_1 (Dropout)", "(None, 64)", "0"],
    ["dense_2 (Dense)", "(None, 10)", "650"],
  ],
  total: "1,413,834",
} as const;

/** Parameter counts of two networks of the gallery by layer, as in the literature. */
const leNet = {
  C1: "156",
  C3: "2,416",
  C5: "48,120",
  F6: "10,164",
  out: "850",
  total: "61,706",
};
const alexNet = {
  C1: "34,944",
  C3: "614,656",
  C5: "885,120",
  C6: "1,327,488",
  C7: "884,992",
  total: "62,378,344",
};

/** Asserts the facts that hold in any mode and on any images. */
function assertFacts(executed: Executed, row: ResultRow): void {
  assertSummary(executed.text("C6"), summary);
  assert.doesNotMatch(executed.text("C6"), /DIFFERENT/);
  assert.match(executed.text("C6"), /590,080 +5 +begins alike/);
  // The source trains nothing, so it has no results to compare with.
  assert.deepEqual([row.sourceLoss, row.sourceAccuracy], [null, null]);
  assert.equal(row.parameters, 1_413_834);
  const gallery = executed.text("P6b");
  for (const network of [leNet, alexNet]) {
    for (const [layer, parameters] of Object.entries(network)) {
      assert.match(
        gallery,
        new RegExp(`^${layer} .* ${parameters} +[\\d,]+$`, "m"),
        `${layer} with ${parameters}`,
      );
    }
  }
  assert.match(gallery, /^two cards +60,965,224$/m);
  assert.match(gallery, /^total +6,998,552 /m);
  assert.match(gallery, /^ResNet-34: 21,797,672 trainable parameters$/m);
  assert.match(gallery, /^GoogLeNet +22 /m);
}

describe("lesson 2 in quick mode", { skip: noKernel }, () => {
  let run: QuickRun;
  let executed: Executed;
  let row: ResultRow;

  before(async () => {
    run = await quickRun(2);
    ({ executed } = run);
    row = run.rows[0]!;
  });
  after(() => run?.remove());

  test("the whole summary, and the parameter counts of the gallery's networks", () => {
    assert.equal(run.rows.length, 1);
    assertFacts(executed, row);
  });

  test("versions are compared as numbers, where string comparison is wrong", () => {
    assert.match(executed.text("C1"), /^10\.0 +2\.0 +false +true$/m);
    assert.match(executed.text("C1"), /^3\.10 +3\.5 +false +true$/m);
  });

  test("the helper saves an image, or a page if there is no browser to render it", () => {
    assert.match(
      executed.text("C1"),
      noBrowser
        ? /^saved as images\/trial\.html$/m
        : /^Saving figure trial\nsaved as images\/trial\.png$/m,
    );
  });

  test("type and shape of the images, and the split by position", () => {
    assert.match(executed.text("C3"), /training images: +NdArray uint8/);
    assert.match(executed.text("C3"), /shape: +\[ 3000, 28, 28 \]/);
    assert.match(
      executed.text("C4"),
      /^validation +\(250, 28, 28\) +\(5000, 28, 28\) +float32 +0 +1$/m,
    );
    assert.match(
      executed.text("C4"),
      /^training +\(2750, 28, 28\) +\(55000, 28, 28\) +float32 +0 +1$/m,
    );
  });

  test("the layers have as many parameters as the formulas give", () => {
    const counted = executed
      .text("P4")
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/))
      .filter((cells) => cells.length === 6 && /^\d+$/.test(cells[0]!));
    assert.deepEqual(
      counted.map(([channels]) => Number(channels)),
      [1, 4, 16, 64, 128, 256],
    );
    for (const [, large, layer, small, layers] of counted) {
      assert.equal(large, layer);
      assert.equal(small, layers);
    }
    assert.match(executed.text("P4"), /^one 5 × 5 +5 × 5 +1$/m);
    assert.match(executed.text("P4"), /^two 3 × 3 +5 × 5 +2$/m);
  });

  test("a changed bias changes the predictions, and restoring it restores them", () => {
    const bag = /^Bag +([\d.]+) +([\d.]+) +([\d.]+)$/m.exec(
      executed.text("P6a"),
    );
    const [before, during, after] = bag!.slice(1).map(Number);
    assert.ok(during! > 0.99 && before! < 0.5);
    assert.equal(before, after);
  });

  test("the added training learns something", () => {
    assert.ok(row.testLoss < Math.log(10), `${row.testLoss}`);
    assert.ok(row.testAccuracy > 0.1, `${row.testAccuracy}`);
  });

  test("no cell wrote to standard error or failed", () =>
    assertQuiet(executed));

  test("its page contains every figure and one copy of plotly.js", () =>
    assertPage(run));
});

describe("lesson 2 as stored in the repository", () => {
  test("contains the outputs of a full run on the whole set", () => {
    const [row, ...others] = resultRows(storedLesson(2), {
      lesson: 2,
      mode: "full",
    });
    assert.deepEqual(others, []);
    assert.equal(row!.testSamples, 10_000);
    assert.notEqual(row!.provenance, "synthetic");
    const executed = new Executed(storedLesson(2));
    assertFacts(executed, row!);
    assert.match(executed.text("C3"), /shape: +\[ 60000, 28, 28 \]/);
    assert.match(executed.text("C4"), /^validation +\(5000, 28, 28\) /m);
    assert.match(executed.text("C4"), /^training +\(55000, 28, 28\) /m);
  });
});
