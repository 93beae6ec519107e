/**
 * Misclassified images: selection, order and labels.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { tf } from "../../src/engine/tensorflow";
import {
  misclassified,
  misclassifiedGrid,
} from "../../src/plots/misclassified";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";

const dataset = { title: "CIFAR-10", provenance: "unverified" } as const;

describe("misclassified", () => {
  const labels = new NdArray(Uint8Array.of(0, 1, 2, 1), [4, 1]);
  const probabilities = tf.tensor2d([
    [0.9, 0.1, 0],
    [0.6, 0.4, 0],
    [0.5, 0, 0.5],
    [0, 0.05, 0.95],
  ]);
  const f32 = Math.fround;

  test("finds every sample whose likeliest class is not its label, preferring the first of equal classes", () => {
    assert.deepEqual(misclassified(labels, probabilities), [
      { index: 1, truth: 1, prediction: 0, probability: f32(0.6) },
      { index: 2, truth: 2, prediction: 0, probability: 0.5 },
      { index: 3, truth: 1, prediction: 2, probability: f32(0.95) },
    ]);
  });

  test("finds the same samples as NumPy", async (context) => {
    const [samples, classes] = [40, 5];
    const chances = tf.tidy(() =>
      tf.softmax(tf.randomNormal([samples, classes], 0, 2, "float32", 7)),
    );
    const truths = Uint8Array.from(
      { length: samples },
      (_, index) => (index * 3) % classes,
    );
    const expected = await runNumpy<[number, number, number, number][]>(
      context,
      `
p, y = np.array(given["p"], "float32"), np.array(given["y"])
guess = p.argmax(axis=1)
result = [[int(i), int(y[i]), int(guess[i]), float(p[i, guess[i]])] for i in np.flatnonzero(guess != y)]`,
      { p: chances.arraySync(), y: [...truths] },
    );
    if (expected === undefined) return;
    const found = misclassified(new NdArray(truths, [samples]), chances);
    assert.ok(found.length > 10);
    assert.deepEqual(
      found.map(({ index, truth, prediction, probability }) => [
        index,
        truth,
        prediction,
        probability,
      ]),
      expected,
    );
  });

  test("rejects logits, another number of samples and invalid labels", () => {
    assert.throws(
      () => misclassified(labels, probabilities.mul(3)),
      errorWith(
        "ERR_INVALID_VALUE",
        "`probabilities`",
        "received a sum of 3.0000 at sample 0",
        "tf.softmax",
      ),
    );
    assert.throws(
      () => misclassified(labels, probabilities.slice(0, 3)),
      errorWith(
        "ERR_SHAPE",
        "`probabilities`",
        "(4, classes)",
        "received (3, 3)",
      ),
    );
    assert.throws(
      () => misclassified(new NdArray(Uint8Array.of(3), [1]), tf.ones([1, 1])),
      errorWith("ERR_INVALID_VALUE", "0 to 0", "received 3 at sample 0"),
    );
  });

  const split = {
    name: "test",
    images: new NdArray(new Uint8Array(4 * 6 * 6).fill(100), [4, 6, 6]),
    labels,
  } as const;
  const names = ["cat", "dog", "large omnivores and herbivores"];

  test("shows the most confident errors first, with true class, predicted class and probability", async () => {
    const figure = await misclassifiedGrid(split, probabilities, names, {
      dataset,
    });
    assert.deepEqual(String(figure).split("\n").slice(0, 3), [
      "dog predicted as large omnivores and herbivores, 95 %",
      "dog predicted as cat, 60 %",
      "large omnivores and herbivores predicted as cat, 50 %",
    ]);
    assert.match(
      figure.caption,
      /^3 of 3 errors in 4 images, most confident first\. Data: CIFAR-10/,
    );
  });

  test("shows the first errors of the split, limited to the grid's size", async () => {
    const figure = await misclassifiedGrid(split, probabilities, names, {
      dataset,
      order: "first",
      rows: 1,
      columns: 2,
    });
    assert.match(
      String(figure),
      /^dog predicted as cat, 60 %\nlarge omnivores/,
    );
    assert.match(figure.caption, /^2 of 3 errors in 4 images\. /);
  });

  test("rejects data without errors", async () => {
    const right = tf.oneHot([0, 1, 2, 1], 3).toFloat();
    await assert.rejects(
      () => misclassifiedGrid(split, right, names, { dataset }),
      errorWith("ERR_INVALID_VALUE", "at least one", "received none among 4"),
    );
  });

  test("shows 100 % only for a probability of 1", async () => {
    const chances = tf.tensor2d([
      [0, 1, 0],
      [0.999, 0.001, 0],
      [0.004, 0.996, 0],
      [0.556, 0.444, 0],
    ]);
    const figure = await misclassifiedGrid(split, chances, names, { dataset });
    assert.deepEqual(
      String(figure)
        .split("\n")
        .map((line) => /\d+ %$/.exec(line)?.[0])
        .slice(0, 4),
      ["100 %", "99 %", "99 %", "56 %"],
    );
  });

  test("places each label below its image, with the true class in bold", async () => {
    const gray = new NdArray(
      Uint8Array.from({ length: 4 * 6 * 6 }, (_, i) => Math.floor(i / 36) * 50),
      [4, 6, 6],
    );
    const figure = await misclassifiedGrid(
      { ...split, images: gray },
      probabilities,
      ["<cat>", "dog", "large omnivores and herbivores"],
      { dataset, columns: 2 },
    );
    const { source } = figure.data[0] as unknown as { source: string };
    const image = tf.node.decodePng(
      Buffer.from(source.split(",")[1]!, "base64"),
      1,
    );
    const [, width] = image.shape;
    const pixels = image.dataSync();
    image.dispose();
    const words = figure.layout.annotations!.filter(
      ({ xref }) => xref !== "paper",
    );
    // Images 3, 1 and 2 of the split, filled with 150, 50 and 100.
    assert.deepEqual(
      words.map(({ x, y }) => {
        const [column, row] = [Math.floor(Number(x)), Number(y) - 1];
        return pixels[row * width + column];
      }),
      [150, 50, 100],
    );
    assert.equal(
      words[0]!.text,
      "<b>dog</b><br>→ large omnivores<br>and herbivores<br>95 %",
    );
    assert.equal(words[1]!.text, "<b>dog</b><br>→ &lt;cat&gt;<br>60 %");
  });

  test("leaks no tensors", async () => {
    const before = tf.memory().numTensors;
    await misclassifiedGrid(split, probabilities, names, { dataset });
    assert.equal(tf.memory().numTensors, before);
  });

  test("rejects invalid rows and columns, an unknown order, and a class without a name", async () => {
    const invalidCalls: [object, readonly string[], ...string[]][] = [
      [{ rows: 0 }, names, "`rows`", "positive integer", "received 0"],
      [
        { columns: 1.5 },
        names,
        "`columns`",
        "positive integer",
        "received 1.5",
      ],
      [
        { order: "last" },
        names,
        "`order`",
        '"mostConfident" or "first"',
        'received "last"',
      ],
      [{}, ["cat", "dog"], "0 to 1", "received 2"],
    ];
    for (const [options, classNames, ...values] of invalidCalls) {
      await assert.rejects(
        () =>
          misclassifiedGrid(split, probabilities, classNames, {
            dataset,
            ...options,
          }),
        errorWith("ERR_INVALID_VALUE", ...values),
      );
    }
  });
});
