/**
 * Tests lesson 4: runs it once in quick mode on the synthetic images and checks every fact fixed by
 * its source; also checks the run stored in the repository.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import ts from "typescript";
import { resultRows } from "../../scripts/lessons/results";
import type { ResultRow } from "../../src/course/result-row";
import { noKernel } from "../lessons/notebook-file";
import {
  assertPage,
  assertQuiet,
  assertSummary,
  Executed,
  lines,
  quickRun,
  storedLesson,
  type QuickRun,
} from "./executed-notebook";

const summary = {
  layers: [
    ["conv2d (Conv2D)", "(None, 32, 32, 32)", "896"],
    ["conv2d_1 (Conv2D)", "(None, 32, 32, 32)", "9,248"],
    ["max_pooling2d (MaxPooling2D)", "(None, 16, 16, 32)", "0"],
    ["dropout (Dropout)", "(None, 16, 16, 32)", "0"],
    ["flatten (Flatten)", "(None, 8192)", "0"],
    ["dense (Dense)", "(None, 128)", "1,048,704"],
    ["dense_1 (Dense)", "(None, 10)", "1,290"],
  ],
  total: "1,060,138",
} as const;

/** Asserts the facts that hold in any mode and on any images. */
function assertFacts(executed: Executed, row: ResultRow): void {
  const { trainSamples, testSamples } = row;
  assertSummary(executed.text("C11"), summary);
  assert.match(executed.text("C5"), /^largest value: 255$/m);
  assert.ok(
    executed
      .text("C6")
      .includes(
        `((${trainSamples}, 32, 32, 3), (${testSamples}, 32, 32, 3)), largest value 1`,
      ),
  );
  assert.deepEqual([row.sourceLoss, row.sourceAccuracy], [0.9383, 0.683]);
  // The test labels are shown twice, as in the source, and the predictions in the same format.
  const shape = `(${testSamples}, 1) uint8: `;
  const shown = lines(executed.text("C8")).find((line) =>
    line.startsWith(shape),
  );
  assert.ok(shown !== undefined && executed.text("C17").includes(shown));
  assert.match(
    executed.text("C16"),
    new RegExp(
      `^\\(${testSamples},\\) .*\\d+, \\d+, \\d+, \\.\\.\\., \\d+, \\d+, \\d+$`,
      "m",
    ),
  );
}

/** Returns the first confusion matrix in a row's text, one line per class. */
function matrixOf(text: string): number[][] {
  return lines(text)
    .map((line) => /^\[*\s*\[([\d\s]+)\]/.exec(line)?.[1])
    .filter((line) => line !== undefined)
    .map((line) => line.trim().split(/ +/).map(Number))
    .slice(0, 10);
}

describe(
  "lesson 4 in quick mode on synthetic images",
  { skip: noKernel },
  () => {
    let run: QuickRun;
    let executed: Executed;
    let row: ResultRow;

    before(async () => {
      run = await quickRun(4);
      ({ executed } = run);
      row = run.rows[0]!;
    });
    after(() => run?.remove());

    test("summary, shapes and the source's figures", () => {
      assert.equal(run.rows.length, 1);
      assert.equal(row.batchSize, 10);
      assert.equal(row.provenance, "synthetic");
      assertFacts(executed, row);
    });

    test("the metric has the source's name, in batches of 10", () => {
      const steps = Math.ceil(row.trainSamples / 10);
      assert.match(
        executed.text("C12"),
        new RegExp(`in ${steps} steps of 10;`),
      );
      assert.match(executed.text("C12"), /val_sparse_categorical_accuracy/);
    });

    test("two plots, epochs counted from 1, with the source's names and legend", () => {
      for (const [cell, title, label] of [
        ["C13", "Model accuracy", "Accuracy"],
        ["C14", "Model loss", "Loss"],
      ] as const) {
        const [text] = executed.figures(cell);
        const { data, layout } = JSON.parse(text!) as {
          data: { x: number[]; name: string }[];
          layout: {
            title: { text: string };
            yaxis: { title: { text: string } };
            legend: { x: number; y: number };
          };
        };
        assert.equal(layout.title.text, title);
        assert.equal(layout.yaxis.title.text, label);
        assert.deepEqual(
          data.map(({ name }) => name),
          ["Train", "Val"],
        );
        for (const { x } of data) {
          assert.deepEqual(
            x,
            Array.from({ length: row.epochs }, (_, index) => index + 1),
          );
        }
        assert.ok(layout.legend.x < 0.1 && layout.legend.y > 0.9);
      }
    });

    test("the confusion matrix counts every test image, and its diagonal gives the accuracy", () => {
      const matrix = matrixOf(executed.text("C18"));
      assert.deepEqual(
        matrix.map((counts) => counts.length),
        new Array(10).fill(10),
      );
      const sum = (values: number[]) =>
        values.reduce((one, other) => one + other);
      assert.equal(sum(matrix.map(sum)), row.testSamples);
      const correct = sum(matrix.map((counts, index) => counts[index]!));
      assert.ok(Math.abs(correct / row.testSamples - row.testAccuracy) < 1e-6);
    });

    test("the source's matrix has 1,000 images per row, and its diagonal gives its accuracy", () => {
      assert.match(
        executed.text("C18"),
        /^source +1,000 +1,000 +10,000 +6,830 +0\.6830 +0\.6830$/m,
      );
    });

    test("the figure of the matrix has a name on both axes for each class", () => {
      const [text] = executed.figures("C19");
      for (const name of ["airplane", "automobile", "truck"]) {
        assert.ok(text!.split(`"${name}"`).length >= 3, name);
      }
    });

    test("sizes by the formulas equal sizes by the layers", () => {
      assert.match(executed.text("T5"), /^ +3 +.*896 +896$/m);
      assert.match(executed.text("T5"), /^ +32 +.*9,248 +9,248$/m);
      assert.match(executed.text("T7"), /^ +32 +3 +1 +30 +32 +0$/m);
      assert.match(executed.text("T8"), /^dense +1,048,704 +4,194,432$/m);
    });

    test("learns: better than guessing one class of ten", () => {
      assert.ok(row.testAccuracy > 0.2 && row.testAccuracy < 1);
      assert.ok(row.testLoss > 0 && row.testLoss < 2.2);
    });

    test("facts about the publisher's files are not required of other files", () => {
      assert.match(
        executed.text("C8"),
        /not the source's labels: a part, synthetic images, or a copy in another order/,
      );
    });

    test("figures of images are labelled synthetic", () => {
      for (const cell of ["C7", "C13", "C14", "C19"]) {
        const figures = executed.figures(cell);
        assert.ok(figures.length > 0, cell);
        for (const figure of figures) {
          assert.match(figure, /synthetic images, not CIFAR-10/);
        }
      }
    });

    test("no cell wrote to standard error or failed", () =>
      assertQuiet(executed));

    test("its page contains every figure and one copy of plotly.js", () =>
      assertPage(run));
  },
);

describe("the publisher's test labels", () => {
  const cell = new Executed(storedLesson(4)).cells.find(
    ({ id }) => id === "show-labels",
  )!;
  const code = ts.transpileModule([cell.source].flat().join(""), {}).outputText;

  /**
   * Returns the cell's output for test labels with this beginning and end, in the number of the
   * real set.
   */
  function shown(provenance: string, first: number[], last: number[]): string {
    const data = [...first, ...Array<number>(9_994).fill(0), ...last];
    const printed: string[] = [];
    const run = new Function("cifar", "console", code);
    run(
      { provenance, test: { labels: { data } } },
      { log: (text: string) => printed.push(text) },
    );
    return printed.at(-1)!;
  }

  test("are required of files verified as the publisher's", () => {
    assert.equal(
      shown("original", [3, 8, 8], [5, 1, 7]),
      "the source's labels",
    );
    assert.throws(() => shown("original", [3, 8, 8], [5, 1, 8]), {
      message:
        "Expected the publisher's labels to be 3, 8, 8, ..., 5, 1, 7, received 3, 8, 8, ..., 5, 1, 8",
    });
  });

  test("are recognized in other files, but not required", () => {
    assert.equal(
      shown("unverified", [3, 8, 8], [5, 1, 7]),
      "the source's labels",
    );
    assert.match(
      shown("unverified", [3, 6, 8], [7, 5, 3]),
      /^not the source's/,
    );
  });
});

describe("lesson 4 as stored in the repository", () => {
  test("contains the outputs of a full run that reached the source's accuracy", () => {
    const [row, ...others] = resultRows(storedLesson(4), {
      lesson: 4,
      mode: "full",
    });
    assert.deepEqual(others, []);
    assert.equal(row!.trainSamples, 50_000);
    assert.equal(row!.testSamples, 10_000);
    assert.equal(row!.epochs, 10);
    assert.equal(row!.batchSize, 10);
    assert.notEqual(row!.provenance, "synthetic");
    assert.ok(Math.abs(row!.testAccuracy - 0.683) <= 0.03);
    const executed = new Executed(storedLesson(4));
    assertFacts(executed, row!);
    assert.match(
      executed.text("C12"),
      /in 5,000 steps of 10; .* in 1,000 steps/,
    );
  });
});
