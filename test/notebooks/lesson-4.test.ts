/**
 * Tests lesson 4: the facts fixed by its source, and what its added cells show.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import ts from "typescript";
import { Executed, lines, storedLesson } from "./executed-notebook";
import { near, real } from "./facts";
import { testLesson } from "./lesson";

const layers = `conv2d (Conv2D) | (None, 32, 32, 32) | 896
  conv2d_1 (Conv2D) | (None, 32, 32, 32) | 9,248
  max_pooling2d (MaxPooling2D) | (None, 16, 16, 32) | 0
  dropout (Dropout) | (None, 16, 16, 32) | 0
  flatten (Flatten) | (None, 8192) | 0
  dense (Dense) | (None, 128) | 1,048,704
  dense_1 (Dense) | (None, 10) | 1,290`;

testLesson(4, {
  always: ([row], { executed }) => {
    const { trainSamples: train, testSamples: test } = row!;
    return {
      results: [{ sourceLoss: 0.9383, sourceAccuracy: 0.683 }],
      summaries: { C11: { layers, total: "1,060,138" } },
      texts: {
        C5: [/^largest value: 255$/m],
        C6: [`((${train}, 32, 32, 3), (${test}, 32, 32, 3)), largest value 1`],
        C16: [
          new RegExp(
            `^\\(${test},\\) .*\\d+, \\d+, \\d+, \\.\\.\\., \\d+, \\d+, \\d+$`,
            "m",
          ),
        ],
      },
      checks: {
        "the test labels are shown twice, as in the source"() {
          const shape = `(${row!.testSamples}, 1) uint8: `;
          const shown = lines(executed.text("C8")).find((line) =>
            line.startsWith(shape),
          );
          assert.ok(shown !== undefined);
          assert.ok(executed.text("C17").includes(shown));
        },
      },
    };
  },

  quick: ([row], { executed }) => ({
    results: [
      {
        batchSize: 10,
        provenance: "synthetic",
        // Better than guessing one class of ten.
        testAccuracy: { above: 0.2, below: 1 },
        testLoss: { above: 0, below: 2.2 },
      },
    ],
    texts: {
      // Facts about the publisher's files are not required of other files.
      C8: [
        /not the source's labels: a part, synthetic images, or a copy in another order/,
      ],
      C12: [
        `in ${Math.ceil(row!.trainSamples / 10)} steps of 10;`,
        "val_sparse_categorical_accuracy",
      ],
      // The source's matrix has 1,000 images per row, and its diagonal gives its accuracy.
      C18: [/^source +1,000 +1,000 +10,000 +6,830 +0\.6830 +0\.6830$/m],
      // Sizes by the formulas equal sizes by the layers.
      T5: [/^ +3 +.*896 +896$/m, /^ +32 +.*9,248 +9,248$/m],
      T7: [/^ +32 +3 +1 +30 +32 +0$/m],
      T8: [/^dense +1,048,704 +4,194,432$/m],
    },
    synthetic: { C7: 2, C13: 1, C14: 1, C19: 2 },
    checks: {
      "two plots, epochs counted from 1, with the source's names and legend"() {
        const numbers = Array.from(
          { length: row!.epochs },
          (_, index) => index + 1,
        );
        for (const [cell, title, label] of [
          ["C13", "Model accuracy", "Accuracy"],
          ["C14", "Model loss", "Loss"],
        ] as const) {
          const { data, layout } = JSON.parse(executed.figures(cell)[0]!) as {
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
            data.map(({ name, x }) => [name, x]),
            [
              ["Train", numbers],
              ["Val", numbers],
            ],
          );
          assert.ok(layout.legend.x < 0.1 && layout.legend.y > 0.9);
        }
      },

      "the confusion matrix counts every test image, and its diagonal gives the accuracy"() {
        const { testSamples, testAccuracy } = row!;
        const matrix = matrixOf(executed.text("C18"));
        assert.deepEqual(
          matrix.map((counts) => counts.length),
          new Array(10).fill(10),
        );
        const sum = (values: number[]) =>
          values.reduce((one, other) => one + other);
        assert.equal(sum(matrix.map(sum)), testSamples);
        const correct = sum(matrix.map((counts, index) => counts[index]!));
        assert.ok(Math.abs(correct / testSamples - testAccuracy) < 1e-6);
      },

      "the figure of the matrix has a name on both axes for each class"() {
        const [text] = executed.figures("C19");
        for (const name of ["airplane", "automobile", "truck"]) {
          assert.ok(text!.split(`"${name}"`).length >= 3, name);
        }
      },
    },
  }),

  stored: () => ({
    results: [
      {
        trainSamples: 50_000,
        testSamples: 10_000,
        epochs: 10,
        batchSize: 10,
        provenance: real,
        testAccuracy: near(0.683, 0.03),
      },
    ],
    texts: { C12: [/in 5,000 steps of 10; .* in 1,000 steps/] },
  }),
});

/** Returns the first confusion matrix in a text, one line per class. */
function matrixOf(text: string): number[][] {
  return [...text.matchAll(/^\[* *\[([\d ]+)\]/gm)]
    .map(([, line]) => line!.trim().split(/ +/).map(Number))
    .slice(0, 10);
}

describe("the publisher's test labels", () => {
  const cell = new Executed(storedLesson(4)).cells.find(
    ({ id }) => id === "lesson-4-show-labels",
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
