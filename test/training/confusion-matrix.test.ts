/**
 * Confusion matrices and class reports, compared with their definitions in NumPy.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { jupyterDisplay } from "../../src/notebook/mime";
import { classReport } from "../../src/training/class-report";
import {
  confusionMatrix,
  ConfusionMatrix,
} from "../../src/training/confusion-matrix";
import { errorWith, type ErrorCheck } from "../error-with";
import { runNumpy } from "../oracles/python";

const names = ["cat", "dog", "bird", "fish"];

/**
 * Deterministic, irregular labels: most predictions are correct, class 3 is never predicted, and
 * class 2 has few samples.
 */
const labels = Array.from({ length: 400 }, (_, n) =>
  n % 20 === 0 ? 2 : (n * n + 3 * n) % 7 < 3 ? 0 : n % 3 === 0 ? 3 : 1,
);
const predictions = labels.map((label, n) =>
  n % 5 === 0 ? (label + n) % 3 : label % 3,
);

interface Scores {
  readonly precision: number[];
  readonly recall: number[];
  readonly f1: number[];
  readonly support: number[];
  readonly macro: number[];
  readonly weighted: number[];
  readonly accuracy: number;
  readonly counts: number[][];
}

/**
 * The documented definitions of scikit-learn's functions, computed from the labels without a
 * confusion matrix.
 */
const definition = `
t, p = np.array(given["labels"]), np.array(given["predictions"])
k = given["classes"]
div = lambda a, b: float(a) / float(b) if b else 0.0
precision = [div(((t == c) & (p == c)).sum(), (p == c).sum()) for c in range(k)]
recall = [div(((t == c) & (p == c)).sum(), (t == c).sum()) for c in range(k)]
f1 = [div(2 * a * b, a + b) for a, b in zip(precision, recall)]
support = [int((t == c).sum()) for c in range(k)]
scores = np.array([precision, recall, f1])
result = {
  "precision": precision, "recall": recall, "f1": f1, "support": support,
  "macro": scores.mean(1).tolist(),
  "weighted": np.average(scores, axis=1, weights=support).tolist(),
  "accuracy": float((t == p).mean()),
  "counts": [[int(((t == a) & (p == b)).sum()) for b in range(k)] for a in range(k)],
}`;

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, ${expected}`);

describe("confusionMatrix", () => {
  test("counts like NumPy, with true rows and predicted columns", async (context) => {
    const expected = await runNumpy<Scores>(context, definition, {
      labels,
      predictions,
      classes: 4,
    });
    if (expected === undefined) return;
    const matrix = confusionMatrix(labels, predictions, names);
    assert.deepEqual(matrix.counts, expected.counts);
    assert.notDeepEqual(expected.counts[0]![1], expected.counts[1]![0]);
    assert.deepEqual(matrix.samplesPerClass, expected.support);
    near(matrix.accuracy, expected.accuracy);
    assert.equal(matrix.total, 400);
  });

  test("is printed like a NumPy array", async (context) => {
    const counts = [
      [737, 27, 0],
      [2, 821, 3],
      [95, 8, 1476],
    ];
    const expected = await runNumpy<string>(
      context,
      'result = str(np.array(given["counts"]))',
      { counts },
    );
    if (expected === undefined) return;
    const matrix = new ConfusionMatrix(counts, ["a", "b", "c"]);
    assert.equal(matrix.toString(), expected);
    const shown = matrix[jupyterDisplay]();
    assert.equal(shown["text/plain"], expected);
    assert.match(String(shown["text/html"]), /1,476/);
  });

  test("accepts labels in the shapes of the data sets, and a number of classes", () => {
    const column = new NdArray(Uint8Array.of(0, 1, 1), [3, 1]);
    const row = new NdArray(Uint8Array.of(0, 1, 0), [3]);
    const expected = [
      [1, 0],
      [1, 1],
    ];
    assert.deepEqual(confusionMatrix(column, row, 2).counts, expected);
    assert.deepEqual(
      confusionMatrix([0, 1, 1], Int32Array.of(0, 1, 0), 2).counts,
      expected,
    );
    assert.deepEqual(confusionMatrix(column, row, 2).classNames, ["0", "1"]);
  });

  test("normalizes rows, with zeros for a class without samples", () => {
    const matrix = new ConfusionMatrix(
      [
        [3, 1],
        [0, 0],
      ],
      ["a", "b"],
    );
    assert.deepEqual(matrix.normalized(), [
      [0.75, 0.25],
      [0, 0],
    ]);
  });

  test("lists the most frequent errors first, without correct predictions and zero counts", () => {
    const matrix = new ConfusionMatrix(
      [
        [90, 4, 0],
        [9, 80, 4],
        [0, 4, 70],
      ],
      ["a", "b", "c"],
    );
    assert.deepEqual(matrix.largestConfusions(3), [
      { truth: "b", prediction: "a", count: 9 },
      { truth: "a", prediction: "b", count: 4 },
      { truth: "b", prediction: "c", count: 4 },
    ]);
    assert.equal(matrix.largestConfusions(100).length, 4);
  });

  test("copies its counts", () => {
    const counts = [[1]];
    const matrix = new ConfusionMatrix(counts, ["a"]);
    counts[0]![0] = 5;
    assert.equal(matrix.total, 1);
  });

  test("rejects invalid labels, predictions and counts", () => {
    const invalidCalls: [() => unknown, ErrorCheck][] = [
      [
        () => confusionMatrix([0, 1], [0], 2),
        errorWith("ERR_SHAPE", "predictions", "labels", 2, 1),
      ],
      [
        () => confusionMatrix([0, 2], [0, 1], 2),
        errorWith("ERR_INVALID_VALUE", "labels", "0 to 1", 2, "sample 1"),
      ],
      [
        () => confusionMatrix([0, 1], [0, 0.5], 2),
        errorWith(
          "ERR_INVALID_VALUE",
          "predictions",
          "0 to 1",
          0.5,
          "sample 1",
        ),
      ],
      [
        () => confusionMatrix([0], [0], 0),
        errorWith("ERR_INVALID_VALUE", "classes", 0),
      ],
      [
        () =>
          confusionMatrix(new NdArray(new Uint8Array(4), [2, 2]), [0, 0], 2),
        errorWith("ERR_SHAPE", "labels", "(n,)", "(n, 1)", "(2, 2)"),
      ],
      [
        () => new ConfusionMatrix([[1, 2]], ["a", "b"]),
        errorWith("ERR_SHAPE", "2 rows of 2", "received rows of 2"),
      ],
      [
        () => new ConfusionMatrix([[-1]], ["a"]),
        errorWith("ERR_INVALID_VALUE", "counts", -1),
      ],
    ];
    for (const [act, expected] of invalidCalls) assert.throws(act, expected);
  });
});

describe("classReport", () => {
  test("has the scores that NumPy computes from the labels", async (context) => {
    const expected = await runNumpy<Scores>(context, definition, {
      labels,
      predictions,
      classes: 4,
    });
    if (expected === undefined) return;
    const report = classReport(confusionMatrix(labels, predictions, names));
    for (const [index, row] of report.rows.entries()) {
      assert.equal(row.name, names[index]);
      near(row.precision, expected.precision[index]!);
      near(row.recall, expected.recall[index]!);
      near(row.f1, expected.f1[index]!);
      assert.equal(row.support, expected.support[index]);
    }
    near(report.accuracy, expected.accuracy);
    const scores = ["precision", "recall", "f1"] as const;
    for (const [index, score] of scores.entries()) {
      near(report.macroAverage[score], expected.macro[index]!);
      near(report.weightedAverage[score], expected.weighted[index]!);
    }
    // The weighted mean of the recalls always equals the accuracy.
    near(report.weightedAverage.recall, report.accuracy);
  });

  test("lists the classes that were never predicted, and those without samples", () => {
    const matrix = new ConfusionMatrix(
      [
        [3, 0, 1],
        [2, 0, 0],
        [0, 0, 0],
      ],
      ["a", "b", "c"],
    );
    const report = classReport(matrix);
    assert.deepEqual(report.neverPredicted, ["b"]);
    assert.deepEqual(report.withoutSamples, ["c"]);
    assert.match(String(report), /Never predicted, precision counted as 0: b/);
    assert.match(String(report), /Without samples, recall counted as 0: c/);
    assert.equal(report.rows[1]!.f1, 0);
  });

  test("is displayed as a table of classes, accuracy and two means", () => {
    const report = classReport(
      new ConfusionMatrix(
        [
          [8, 2],
          [1, 9],
        ],
        ["cat", "dog"],
      ),
    );
    const lines = String(report).split("\n");
    assert.match(lines[0]!, /^class +precision +recall +f1-score +support$/);
    assert.match(lines[2]!, /^cat +0\.8889 +0\.8000 +0\.8421 +10$/);
    assert.match(lines[4]!, /^accuracy +– +– +0\.8500 +20$/);
    assert.match(lines[5]!, /^macro average /);
    assert.match(lines[6]!, /^weighted average /);
  });

  test("rejects a matrix without samples", () => {
    assert.throws(
      () => classReport(new ConfusionMatrix([[0]], ["a"])),
      errorWith("ERR_INVALID_VALUE", "at least one sample"),
    );
  });
});
