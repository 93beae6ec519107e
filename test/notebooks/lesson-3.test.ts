/**
 * Tests lesson 3: runs it once in quick mode with the data of a new clone and checks every fact
 * fixed by its source; also checks the run stored in the repository.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
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
  type ExpectedSummary,
  type QuickRun,
} from "./executed-notebook";

/**
 * The four summaries by row of the lesson, including the rows and totals missing in the source's
 * copy.
 */
const summaries: Record<string, ExpectedSummary> = {
  C3: {
    layers: [
      ["flatten (Flatten)", "(None, 784)", "0"],
      ["dense (Dense)", "(None, 16)", "12,560"],
      ["dense_1 (Dense)", "(None, 8)", "136"],
      ["dense_2 (Dense)", "(None, 10)", "90"],
    ],
    total: "12,786",
    size: "49.95 KB",
  },
  C6: {
    layers: [
      ["conv2d (Conv2D)", "(None, 25, 25, 32)", "544"],
      ["max_pooling2d (MaxPooling2D)", "(None, 12, 12, 32)", "0"],
      ["flatten (Flatten)", "(None, 4608)", "0"],
      ["dense (Dense)", "(None, 16)", "73,744"],
      ["dense_1 (Dense)", "(None, 8)", "136"],
      ["dense_2 (Dense)", "(None, 10)", "90"],
    ],
    total: "74,514",
    size: "291.07 KB",
  },
  C12: {
    layers: [
      ["flatten (Flatten)", "(None, 3072)", "0"],
      ["dense (Dense)", "(None, 16)", "49,168"],
      ["dense_1 (Dense)", "(None, 8)", "136"],
      ["dense_2 (Dense)", "(None, 20)", "180"],
    ],
    total: "49,484",
    size: "193.30 KB",
  },
  C15: {
    layers: [
      ["conv2d (Conv2D)", "(None, 29, 29, 32)", "1,568"],
      ["max_pooling2d (MaxPooling2D)", "(None, 14, 14, 32)", "0"],
      ["flatten (Flatten)", "(None, 6272)", "0"],
      ["dense (Dense)", "(None, 16)", "100,368"],
      ["dense_1 (Dense)", "(None, 8)", "136"],
      ["dense_2 (Dense)", "(None, 20)", "180"],
    ],
    total: "102,252",
    size: "399.42 KB",
  },
};

/** The source's loss and accuracy on the unscaled test images. */
const source = {
  "3a": [68.994, 0.8153],
  "3b": [58.214, 0.8378],
  "3c": [100.514, 0.1051],
  "3d": [280.356, 0.1821],
} as const;

/** Asserts the facts that hold in any mode and on any images. */
function assertFacts(executed: Executed, rows: readonly ResultRow[]): void {
  for (const [row, expected] of Object.entries(summaries)) {
    assertSummary(executed.text(row), expected);
  }
  for (const [model, [loss, accuracy]] of Object.entries(source)) {
    const [unscaled, scaled] = rows.filter((row) =>
      row.model.startsWith(`${model} `),
    );
    assert.deepEqual(
      [unscaled!.sourceLoss, unscaled!.sourceAccuracy],
      [loss, accuracy],
    );
    assert.match(scaled!.model, /test scaled$/);
    assert.deepEqual(
      [scaled!.sourceLoss, scaled!.sourceAccuracy],
      [null, null],
    );
    assert.ok(scaled!.testLoss < 3.2, `${scaled!.testLoss}`);
    const guessing = Math.log(model === "3a" || model === "3b" ? 10 : 20);
    if (model === "3c" && scaled!.testLoss > guessing - 0.01) {
      // A layer of this narrow network has died, as the lesson explains: its output does not depend
      // on the input.
      assert.ok(Math.abs(unscaled!.testLoss - scaled!.testLoss) < 0.05);
    } else {
      // The mistake and its fix, on the same network: losses far apart, above what clipped
      // probabilities could give, and below guessing.
      assert.ok(unscaled!.testLoss > -Math.log(1e-7), `${unscaled!.testLoss}`);
      assert.ok(scaled!.testLoss < guessing, `${scaled!.testLoss}`);
    }
    assert.equal(unscaled!.parameters, scaled!.parameters);
  }
  const drawn = rows.filter(({ model }) => /drawn/.test(model));
  assert.deepEqual(
    drawn.map(({ provenance, sourceLoss }) => [provenance, sourceLoss]),
    [
      ["synthetic", null],
      ["synthetic", null],
    ],
  );
}

describe("lesson 3 in quick mode", { skip: noKernel }, () => {
  let run: QuickRun;
  let executed: Executed;
  let rows: QuickRun["rows"];

  before(async () => {
    run = await quickRun(3);
    ({ executed, rows } = run);
  });
  after(() => run?.remove());

  test("all four summaries, and the source's figures beside ours", () => {
    assert.equal(rows.length, 10);
    assertFacts(executed, rows);
  });

  test("an epoch has the source's number of steps, though there are fewer images", () => {
    for (const [row, steps, validation] of [
      ["C4", 56, 4],
      ["C7", 28, 2],
      ["C13", 46, 4],
      ["C16", 23, 2],
    ] as const) {
      assert.match(
        executed.text(row),
        new RegExp(`in ${steps} steps of .* in ${validation} steps`),
      );
    }
    assert.ok(rows.every(({ epochs }) => epochs === 10));
  });

  test("the first images are used for validation, and the test images are not scaled", () => {
    const { trainSamples, testSamples } = rows[0]!;
    const loaded = executed.text("C2");
    const validation = trainSamples / 14;
    const split = (name: string, samples: number, largest: number) =>
      new RegExp(`${name} +\\(${samples}, 28, 28\\) +0 +${largest}$`, "m");
    assert.match(loaded, split("training", trainSamples, 1));
    assert.match(loaded, split("validation", validation, 1));
    assert.match(loaded, split("test", testSamples, 255));
  });

  test("logits 255 times as large fully explain the loss on unscaled images", () => {
    const losses = lines(executed.text("C5"))
      .filter((line) => /^0 to (1|255) +(as trained|biases)/.test(line))
      .map((line) => Number(line.split(/ +/).at(-1)));
    assert.equal(losses.length, 3);
    const [, explained, unscaled] = losses as [number, number, number];
    assert.ok(Math.abs(explained / unscaled - 1) < 1e-4, String(losses));
    assert.ok(Math.abs(unscaled - rows[0]!.testLoss) < 1e-3);
  });

  test("a dense network is as accurate on permuted pixels", () => {
    const difference = /probabilities: ([\d.e+-]+)/.exec(executed.text("P5"));
    assert.ok(Number(difference?.[1]) < 1e-4, String(difference?.[0]));
  });

  test("the coarse labels are 0 to 19, each a family of five", () => {
    const labels = Array.from({ length: 20 }, (_, label) => label).join(" ");
    assert.ok(executed.text("C11").includes(`at hand: ${labels}`));
    assert.match(
      executed.text("C11"),
      /0 +aquatic_mammals +beaver, dolphin, otter, seal, whale/,
    );
  });

  test("learns: better than guessing one class of ten, and of twenty", () => {
    const accuracy = (model: string) =>
      rows.find((row) => row.model === `${model}, test scaled`)!.testAccuracy;
    assert.ok(accuracy("3a dense") > 0.5);
    assert.ok(accuracy("3b CNN") > 0.5);
    assert.ok(
      rows.at(-1)!.testAccuracy > 0.08,
      `${rows.at(-1)!.testAccuracy} of 20 drawn classes`,
    );
  });

  test("no cell wrote to standard error or failed", () =>
    assertQuiet(executed));

  test("its page contains every figure and one copy of plotly.js", () =>
    assertPage(run));
});

describe("lesson 3 as stored in the repository", () => {
  test("contains the outputs of a full run, and states where its size differs from the source's", () => {
    const rows = resultRows(storedLesson(3), { lesson: 3, mode: "full" });
    const executed = new Executed(storedLesson(3));
    assertFacts(executed, rows);
    const of = (model: string) =>
      rows.filter((row) => row.model.startsWith(model));
    for (const row of [...of("3a"), ...of("3b")]) {
      assert.equal(row.trainSamples, 56_000);
      assert.equal(row.testSamples, 10_000);
      assert.notEqual(row.provenance, "synthetic");
    }
    assert.deepEqual(
      ["3a dense", "3b CNN"].map((model) => of(model)[0]!.batchSize),
      [1000, 2000],
    );
    for (const row of rows.filter(({ model }) => /drawn/.test(model))) {
      assert.equal(row.trainSamples, 46_000);
    }
    for (const row of rows) {
      const isPart = /^3[cd]/.test(row.model) && row.trainSamples < 46_000;
      assert.equal(/part of the set/.test(row.model), isPart, row.model);
    }
    // Within 0.03 of the source's accuracy where the images are the source's.
    assert.ok(Math.abs(of("3a")[0]!.testAccuracy - 0.8153) <= 0.03);
  });
});
