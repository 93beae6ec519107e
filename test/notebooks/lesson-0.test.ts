/**
 * Tests lesson 0: runs it once in quick mode on the synthetic images and checks every fact fixed by
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
  assertSummary,
  Executed,
  lines,
  quickRun,
  storedLesson,
  type QuickRun,
} from "./executed-notebook";

const first = {
  layers: [
    ["conv2d (Conv2D)", "(None, 30, 30, 32)", "896"],
    ["max_pooling2d (MaxPooling2D)", "(None, 15, 15, 32)", "0"],
    ["conv2d_1 (Conv2D)", "(None, 13, 13, 64)", "18,496"],
    ["max_pooling2d_1 (MaxPooling2D)", "(None, 6, 6, 64)", "0"],
    ["conv2d_2 (Conv2D)", "(None, 4, 4, 128)", "73,856"],
    ["flatten (Flatten)", "(None, 2048)", "0"],
    ["dense (Dense)", "(None, 10)", "20,490"],
  ],
  total: "113,738",
} as const;

const second = {
  layers: [
    ["input_layer (InputLayer)", "(None, 32, 32, 3)", "0"],
    ["conv2d (Conv2D)", "(None, 30, 30, 32)", "896"],
    ["batch_normalization (BatchNormalization)", "(None, 30, 30, 32)", "128"],
    ["re_lu (ReLU)", "(None, 30, 30, 32)", "0"],
    ["max_pooling2d (MaxPooling2D)", "(None, 15, 15, 32)", "0"],
    ["conv2d_1 (Conv2D)", "(None, 15, 15, 64)", "51,264"],
    ["batch_normalization_1 (BatchNormalization)", "(None, 15, 15, 64)", "256"],
    ["re_lu_1 (ReLU)", "(None, 15, 15, 64)", "0"],
    ["conv2d_2 (Conv2D)", "(None, 13, 13, 128)", "73,856"],
    [
      "batch_normalization_2 (BatchNormalization)",
      "(None, 13, 13, 128)",
      "512",
    ],
    ["re_lu_2 (ReLU)", "(None, 13, 13, 128)", "0"],
    ["flatten (Flatten)", "(None, 21632)", "0"],
    ["dense (Dense)", "(None, 64)", "1,384,512"],
    ["dense_1 (Dense)", "(None, 10)", "650"],
  ],
  total: "1,512,074",
  nonTrainable: "448",
} as const;

const third = {
  layers: [
    ["input_layer (InputLayer)", "(None, 32, 32, 3)", "0"],
    ["conv2d (Conv2D)", "(None, 32, 32, 32)", "896"],
    ["batch_normalization (BatchNormalization)", "(None, 32, 32, 32)", "128"],
    ["re_lu (ReLU)", "(None, 32, 32, 32)", "0"],
    ["max_pooling2d (MaxPooling2D)", "(None, 16, 16, 32)", "0"],
    ["conv2d_1 (Conv2D)", "(None, 16, 16, 64)", "51,264"],
    ["batch_normalization_1 (BatchNormalization)", "(None, 16, 16, 64)", "256"],
    ["re_lu_1 (ReLU)", "(None, 16, 16, 64)", "0"],
    ["conv2d_2 (Conv2D)", "(None, 16, 16, 128)", "73,856"],
    [
      "batch_normalization_2 (BatchNormalization)",
      "(None, 16, 16, 128)",
      "512",
    ],
    ["re_lu_2 (ReLU)", "(None, 16, 16, 128)", "0"],
    ["flatten (Flatten)", "(None, 32768)", "0"],
    ["dense (Dense)", "(None, 64)", "2,097,216"],
    ["dropout (Dropout)", "(None, 64)", "0"],
    ["dense_1 (Dense)", "(None, 10)", "650"],
  ],
  total: "2,224,778",
  nonTrainable: "448",
} as const;

const sourceFigures = [
  ["0a CNN", 0.96415, 0.6675],
  ["0b batch normalisation", 1.02851, 0.7107],
  ["0c regularised", 2.06336, 0.2179],
];

/** Returns the numbers in the line of a text table that begins with `name`. */
function rowOf(text: string, name: string): number[] {
  const line = lines(text).find((each) => each.startsWith(`${name}  `));
  assert.ok(line !== undefined, `no row "${name}" in\n${text}`);
  return line.slice(name.length).trim().split(/ +/).map(Number);
}

/** Returns the rows of a text table that consist of numbers. */
const numbersOf = (text: string) =>
  lines(text)
    .map((line) => line.trim())
    .filter((line) => /^[\d.]+(?: +[\d.]+)+$/.test(line))
    .map((line) => line.split(/ +/).map(Number));

const near = (one: number | undefined, other: number, tolerance = 1e-4) => {
  assert.ok(
    Math.abs(one! - other) <= tolerance,
    `${one} is not within ${tolerance} of ${other}`,
  );
};

/** Asserts the facts that hold in any mode and on any images. */
function assertFacts(executed: Executed, rows: readonly ResultRow[]): void {
  assertSummary(executed.text("C4"), first);
  assertSummary(executed.text("C5"), second);
  assertSummary(executed.text("C6"), third);
  assert.match(
    executed.text("C6"),
    /^2,224,778 parameters against 1,512,074: 47 % more$/m,
  );
  assert.deepEqual(
    rows.map(({ model, sourceLoss, sourceAccuracy }) => [
      model,
      sourceLoss,
      sourceAccuracy,
    ]),
    sourceFigures,
  );
  const { trainSamples, testSamples } = rows[0]!;
  assert.match(
    executed.text("C3"),
    new RegExp(`^training +\\(${trainSamples}, 32, 32, 3\\) +float32 `, "m"),
  );
  assert.match(
    executed.text("C3"),
    new RegExp(`^test +\\(${testSamples}, 32, 32, 3\\) +float32 `, "m"),
  );
  assert.ok(executed.text("C4").includes(`(${trainSamples}, 32, 32, 3) uint8`));
  assertTested(executed, rows);
  assertQuestion(executed, rows);
}

/**
 * Asserts that each network's evaluation matches its result; the third one's loss includes the
 * penalty.
 */
function assertTested(executed: Executed, rows: readonly ResultRow[]): void {
  const [a, b, c] = rows;
  for (const [row, cell] of [
    [a!, "C4"],
    [b!, "C5"],
  ] as const) {
    const [loss, accuracy] = rowOf(executed.text(cell), "here");
    near(loss, row.testLoss);
    near(accuracy, row.testAccuracy);
  }
  const text = executed.text("C6");
  const [withPenalty, accuracy] = rowOf(text, "with penalty");
  const [withoutPenalty] = rowOf(text, "without penalty");
  const penalty = Number(/The penalty is ([\d.]+),/.exec(text)![1]);
  near(withPenalty, c!.testLoss);
  near(accuracy, c!.testAccuracy);
  assert.ok(penalty > 0);
  near(withPenalty, withoutPenalty! + penalty, 2e-4);
  // The history's last epoch was evaluated on the same images, with the same weights.
  const [text0] = executed.figures("C6");
  const { data } = JSON.parse(text0!) as {
    data: { name: string; x: number[]; y: number[] }[];
  };
  const watched = data.find(({ name }) => name === "test")!;
  assert.equal(watched.x[0], 1);
  assert.equal(watched.x.length, c!.epochs);
  near(watched.y.at(-1), accuracy!);
}

/** Asserts that the experiments on the third network's failure show what the lesson's text says. */
function assertQuestion(executed: Executed, rows: readonly ResultRow[]): void {
  const steps = numbersOf(executed.cellText("first-steps-table"));
  assert.deepEqual(
    steps.map(([step]) => step),
    [0, 1, 2, 3, 5, 10, 20],
  );
  for (const counts of steps) {
    for (const live of counts.slice(1)) assert.ok(live >= 0 && live <= 64);
  }
  // A larger dense layer loses more units; a tenth of the learning rate keeps most.
  const [, secondLive, thirdLive, gentlyLive] = steps.at(-1)!;
  assert.ok(secondLive! < 48 && thirdLive! < secondLive! && thirdLive! < 32);
  assert.ok(gentlyLive! > 32);

  const trials = numbersOf(executed.cellText("trials"));
  assert.equal(trials.length % 6, 0);
  for (const [l2, , , training, accuracy, loss, penalty, live] of trials) {
    assert.equal(penalty! > 0, l2! > 0);
    assert.ok(training! >= 0 && training! <= 1 && accuracy! <= 1 && loss! > 0);
    assert.ok(live! >= 0 && live! <= 64);
  }
  const gentle = numbersOf(executed.cellText("gentle"));
  assert.equal(gentle.length, (trials.length * 8) / 6);
  const liveAt = (rate: number) =>
    gentle
      .filter(([learningRate]) => learningRate === rate)
      .map((each) => each.at(-1)!);
  assert.ok(Math.min(...liveAt(3e-5)) > Math.max(...liveAt(3e-4)));

  // First and last rows: the run above, after two epochs and at its end. Other seeds are in
  // between.
  const seeds = numbersOf(executed.cellText("seeds-table"));
  assert.ok(seeds.length >= 3);
  const [early, late] = [seeds[0]!, seeds.at(-1)!];
  assert.deepEqual(early.slice(0, 2), [1, 2]);
  assert.deepEqual(late.slice(0, 2), [1, rows[2]!.epochs]);
  near(late[3], rows[2]!.testLoss);
  near(late[4], rows[2]!.testAccuracy);
  for (const [, , live, loss, accuracy, own] of seeds) {
    assert.ok(live! >= 0 && live! <= 64 && loss! > 0);
    for (const share of [accuracy!, own!]) assert.ok(share >= 0 && share <= 1);
  }

  const averages = executed.cellText("averages");
  near(rowOf(averages, "second")[0], rows[1]!.testAccuracy);
  near(rowOf(averages, "third")[0], rows[2]!.testAccuracy);
  for (const name of ["second", "third"]) {
    const [, own, renewed] = rowOf(averages, name);
    assert.ok(own! > 0 && renewed! > 0);
  }

  // Each epoch was evaluated: the figures have as many points as epochs.
  const [accuracies, live] = ["averages-figure", "live-figure"].map(
    (id) =>
      JSON.parse(executed.cellFigures(id)[0]!) as { data: { y: number[] }[] },
  );
  for (const { y } of [...accuracies!.data, ...live!.data]) {
    assert.equal(y.length, rows[2]!.epochs);
  }
  near(accuracies!.data[0]!.y.at(-1), rows[2]!.testAccuracy);
}

describe(
  "lesson 0 in quick mode on synthetic images",
  { skip: noKernel },
  () => {
    let run: QuickRun;
    let executed: Executed;

    before(async () => {
      run = await quickRun(0);
      ({ executed } = run);
    });
    after(() => run?.remove());

    test("summaries, shapes, evaluations and the source's figures", () => {
      assert.deepEqual(
        run.rows.map(({ provenance }) => provenance),
        ["synthetic", "synthetic", "synthetic"],
      );
      assertFacts(executed, run.rows);
    });

    test("padding: only 9 inside, and a darker border where zeros were added", () => {
      const outputs = executed
        .text("C4")
        .split("output:\n")
        .slice(1)
        .map((text) =>
          lines(text)
            .filter((line) => /^ +\d/.test(line))
            .map((line) => line.trim().split(/ +/).map(Number)),
        );
      const nines = new Array(3).fill([9, 9, 9]);
      const edge = [4, 6, 6, 6, 4];
      const inside = [6, 9, 9, 9, 6];
      assert.deepEqual(outputs[0]!.slice(0, 3), nines);
      assert.deepEqual(outputs[1]!.slice(0, 5), [
        edge,
        inside,
        inside,
        inside,
        edge,
      ]);
    });

    test("the first network learns: better than guessing one class of ten", () => {
      const [row] = run.rows;
      assert.ok(row!.testAccuracy > 0.15 && row!.testLoss < Math.log(10));
    });

    test("only the third network has validation images; the source uses none", () => {
      assert.match(executed.text("C4"), /; no validation; /);
      assert.match(executed.text("C5"), /; no validation; /);
      assert.match(executed.text("C6"), /val_loss +val_accuracy$/m);
      assert.match(
        executed.text("C6"),
        /epochs were trained; the source: 150$/m,
      );
    });

    test("figures of images are labelled synthetic", () => {
      const [curve] = executed.figures("C6");
      assert.match(curve!, /synthetic images, not CIFAR-10/);
    });

    test("no cell wrote to standard error or failed", () =>
      assertQuiet(executed));

    test("its page contains every figure and one copy of plotly.js", () =>
      assertPage(run));
  },
);

describe("lesson 0 as stored in the repository", () => {
  const rows = resultRows(storedLesson(0), { lesson: 0, mode: "full" });
  const [a, b, c] = rows;

  test("contains the outputs of a full run, in the source's batches of 64", () => {
    const executed = new Executed(storedLesson(0));
    assert.equal(rows.length, 3);
    for (const row of rows) {
      assert.equal(row.trainSamples, 50_000);
      assert.equal(row.testSamples, 10_000);
      assert.equal(row.batchSize, 64);
      assert.notEqual(row.provenance, "synthetic");
    }
    assert.deepEqual([a!.epochs, b!.epochs], [10, 10]);
    assertFacts(executed, rows);
    assert.match(executed.text("C4"), /in 782 steps of 64;/);
    assert.equal(numbersOf(executed.cellText("trials")).length, 12);
    assert.equal(numbersOf(executed.cellText("seeds-table")).length, 6);
  });

  test("reached the source's accuracy, twice", () => {
    assert.ok(a!.testAccuracy >= 0.6675 - 0.03);
    assert.ok(b!.testAccuracy >= 0.7107 - 0.03);
  });

  test("trained the third network for as many epochs as fit in an hour, not 150", () => {
    assert.ok(c!.epochs > 5 && c!.epochs < 150);
    assert.ok(c!.epochs * c!.secondsPerEpoch <= 3600);
    // The evaluation after each epoch takes a small part of the hour, too.
    assert.ok((c!.epochs + 1.5) * c!.secondsPerEpoch > 3600 * 0.95);
  });
});
