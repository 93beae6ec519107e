/**
 * Tests lesson 1: runs it once in quick mode on the synthetic images and checks every fact fixed by
 * its source; also checks the run stored in the repository.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { resultRows } from "../../scripts/lessons/results";
import type { ResultRow } from "../../src/course/result-row";
import { noKernel } from "../lessons/notebook-file";
import {
  assertPage,
  assertQuiet,
  Executed,
  lines,
  joined,
  quickRun,
  storedLesson,
  tableRows,
  type QuickRun,
} from "./executed-notebook";

const stored = storedLesson(1);

const base = [
  ["conv2d (Conv2D)", "(None, 30, 30, 32)", "896"],
  ["max_pooling2d (MaxPooling2D)", "(None, 15, 15, 32)", "0"],
  ["conv2d_1 (Conv2D)", "(None, 13, 13, 64)", "18,496"],
  ["max_pooling2d_1 (MaxPooling2D)", "(None, 6, 6, 64)", "0"],
  ["conv2d_2 (Conv2D)", "(None, 4, 4, 64)", "36,928"],
];
const head = [
  ["flatten (Flatten)", "(None, 1024)", "0"],
  ["dense (Dense)", "(None, 64)", "65,600"],
  ["dense_1 (Dense)", "(None, 10)", "650"],
];

/** Asserts the facts that hold in any mode and on any images. */
function assertFacts(executed: Executed, row: ResultRow): void {
  const { trainSamples, testSamples } = row;
  const train = trainSamples.toLocaleString("en-US").replaceAll(",", "");
  const loaded = executed.text("S6");
  assert.match(
    loaded,
    new RegExp(`\\(${train}, 32, 32, 3\\) uint8, labels \\(${train}, 1\\)`),
  );
  assert.match(
    loaded,
    new RegExp(
      `\\(${testSamples}, 32, 32, 3\\) uint8, labels \\(${testSamples}, 1\\)`,
    ),
  );
  assert.match(loaded, /float32/);

  const before = executed.text("S9");
  assert.match(before, /^Model: "sequential"$/m);
  assert.deepEqual(tableRows(before), base);
  assert.match(before, /^Total params: 56,320 /m);
  assert.match(before, /^Trainable params: 56,320 /m);
  assert.match(before, /^Non-trainable params: 0 /m);

  const whole = executed.text("S11");
  assert.match(whole, /^Model: "sequential"$/m);
  assert.deepEqual(tableRows(whole), [...base, ...head]);
  assert.match(whole, /^Total params: 122,570 /m);
  assert.match(whole, /^Trainable params: 122,570 /m);
  assert.match(whole, /^Non-trainable params: 0 /m);
}

describe(
  "lesson 1 in quick mode on synthetic images",
  { skip: noKernel },
  () => {
    let run: QuickRun;
    let executed: QuickRun["executed"];
    let rows: QuickRun["rows"];

    before(async () => {
      run = await quickRun(1);
      ({ executed, rows } = run);
    });
    after(() => run?.remove());

    test("shapes, both summaries with every row, and the totals are the source's", () => {
      assertFacts(executed, rows[0]!);
    });

    test("reports one result, of a CNN on synthetic images, beside the source's", () => {
      assert.equal(rows.length, 1);
      const {
        model,
        testLoss,
        testAccuracy,
        trainSamples,
        testSamples,
        epochs,
        secondsPerEpoch,
        ...exact
      } = rows[0]!;
      assert.deepEqual(exact, {
        lesson: 1,
        mode: "quick",
        provenance: "synthetic",
        seed: 1,
        parameters: 122_570,
        batchSize: 32,
        sourceLoss: 0.9265,
        sourceAccuracy: 0.703,
      });
      assert.match(model, /CNN/);
      assert.ok(trainSamples >= 1000 && trainSamples < 50_000);
      assert.ok(testSamples >= 100 && testSamples < 10_000);
      // A quick run takes less than a fifth of the full run's steps.
      assert.ok(epochs >= 2 && trainSamples * epochs < 100_000);
      assert.ok(secondsPerEpoch > 0);
      // Guessing gives the loss ln 10 = 2.30 and the accuracy 0.1.
      assert.ok(testLoss > 0 && testLoss < 2.2, `loss ${testLoss}`);
      assert.ok(testAccuracy > 0.2 && testAccuracy < 1, `${testAccuracy}`);
    });

    test("an epoch takes as many steps of 32 as the samples fill", () => {
      const { trainSamples, testSamples, epochs } = rows[0]!;
      const steps = Math.ceil(trainSamples / 32).toLocaleString("en-US");
      const seen = run.events.flatMap((event) =>
        event.event === "progress"
          ? [
              ...event.text.matchAll(
                /epoch (\d+)\/(\d+) · step [\d,]+\/([\d,]+)/g,
              ),
            ]
          : [],
      );
      // At most four lines per second: a fast machine trains some epochs between two lines.
      assert.ok(seen.length > 1, `${seen.length} lines of progress`);
      assert.deepEqual([...new Set(seen.map((match) => match[3]))], [steps]);
      const shown = seen.map((match) => Number(match[1]));
      assert.deepEqual(
        shown,
        [...shown].sort((one, other) => one - other),
      );
      assert.ok(shown[0]! >= 1 && shown.at(-1)! <= epochs);
      // The table that replaces the lines contains all epochs.
      const table = lines(run.executed.text("S12"));
      assert.deepEqual(
        table
          .map((line) => /^ *(\d+) +[\d.]+ s +[\d.]+ /.exec(line)?.[1])
          .filter((number) => number !== undefined)
          .map(Number),
        Array.from({ length: epochs }, (_, index) => index + 1),
      );
      assert.deepEqual(
        [...new Set(seen.map((match) => Number(match[2])))],
        [epochs],
      );
      const validationSteps = Math.ceil(testSamples / 32).toLocaleString(
        "en-US",
      );
      assert.match(
        executed.text("S12"),
        new RegExp(`in ${steps} steps of 32; .* in ${validationSteps} steps`),
      );
    });

    test("progress is one output, which ends as the table of epochs", () => {
      const { epochs } = rows[0]!;
      const tables = executed
        .outputs("S12")
        .map(({ data }) =>
          joined((data as Record<string, unknown>)?.["text/plain"]),
        )
        .filter((text) => /^epoch {2}time/.test(text));
      assert.equal(tables.length, 1);
      const numbered = tables[0]!
        .split("\n")
        .filter((line) => /^ *\d+ /.test(line));
      assert.equal(numbered.length, epochs);
      assert.doesNotMatch(executed.text("S12"), /· step /);
    });

    test("evaluate gives the last validation results, and the result row has them", () => {
      const { testLoss, testAccuracy } = rows[0]!;
      const figures = [testLoss.toFixed(4), testAccuracy.toFixed(4)];
      const last = executed
        .text("S12")
        .split("\n")
        .filter((line) => /^ *\d+ +[\d.]+ s /.test(line))
        .at(-1);
      assert.deepEqual(last?.trim().split(/ +/).slice(-2), figures);
      assert.ok(
        executed
          .text("S13")
          .includes(`test set: loss ${figures[0]}, accuracy ${figures[1]}`),
      );
    });

    test("the loss is computed on the logits: with the softmax applied twice it could not fall below 1.4612", () => {
      assert.match(
        executed.text("S12"),
        /softmax taken twice: 1\.4612, by hand 1\.4612/,
      );
      // With the softmax applied twice, as the source is written, the trained model has a loss
      // above that bound.
      const literal = /^softmax taken twice, same model +(\d\.\d{4})$/m.exec(
        executed.text("S12"),
      );
      assert.ok(Number(literal?.[1]) > 1.4612, String(literal?.[1]));
    });

    test("every figure of images or of training on them is labelled synthetic", () => {
      const figures = ["S5", "S7", "S13"].map((row) => executed.figures(row));
      assert.deepEqual(
        figures.map((list) => list.length),
        [1, 1, 1],
      );
      for (const figure of figures.flat()) {
        assert.match(figure, /synthetic images, not CIFAR-10/);
      }
      assert.match(executed.text("S6"), /synthetic/i);
    });

    test("the grid of 25 images has a class name under each", () => {
      const [grid] = executed.figures("S7");
      const { layout } = JSON.parse(grid!) as {
        layout: { annotations: { text: string }[] };
      };
      const names = layout.annotations
        .map(({ text }) => text)
        .filter((text) => !text.startsWith("Data:"));
      assert.equal(names.length, 25);
      const classes =
        "airplane automobile bird cat deer dog frog horse ship truck".split(
          " ",
        );
      assert.deepEqual(
        names.filter((name) => !classes.includes(name)),
        [],
      );
    });

    test("no cell wrote to standard error or failed", () =>
      assertQuiet(executed));

    test("its page contains every figure and one copy of plotly.js", () => {
      assertPage(run);
      assert.equal(run.page.split('class="convnotes-plot"').length - 1, 4);
      assert.match(run.page, /<span class="k[a-z]*">const<\/span>/);
    });
  },
);

describe("lesson 1 as stored in the repository", () => {
  test("contains the outputs of a full run that reached the source's accuracy", () => {
    const [row, ...others] = resultRows(stored, { lesson: 1, mode: "full" });
    assert.deepEqual(others, []);
    assert.equal(row!.trainSamples, 50_000);
    assert.equal(row!.testSamples, 10_000);
    assert.equal(row!.epochs, 10);
    assert.equal(row!.batchSize, 32);
    assert.notEqual(row!.provenance, "synthetic");
    assert.ok(
      row!.testAccuracy >= 0.68 && row!.testAccuracy <= 0.73,
      `accuracy ${row!.testAccuracy}`,
    );
    const executed = new Executed(stored);
    assertFacts(executed, row!);
    assert.match(executed.text("S12"), /in 1,563 steps of 32; .* in 313 steps/);
  });
});
