/**
 * The figure of a confusion matrix: every number in its cell, readable by everybody; and the pictures behind the mistakes.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { tf } from "../../src/engine/tensorflow";
import { confusionPlot } from "../../src/plots/confusion-plot";
import {
  misclassified,
  misclassifiedGrid,
} from "../../src/plots/misclassified";
import { ConfusionMatrix } from "../../src/training/confusion-matrix";

const dataset = { title: "CIFAR-10", provenance: "unverified" } as const;

type Rgb = [number, number, number];

/** W3C's contrast of two colours, from 1 to 21 (Web Content Accessibility Guidelines 2.1, 1.4.3). */
function contrast(one: Rgb, other: Rgb): number {
  const light = (colour: Rgb) => {
    const [r, g, b] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.03928
        ? share / 12.92
        : Math.pow((share + 0.055) / 1.055, 2.4);
    }) as Rgb;
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

const rgb = (text: string): Rgb =>
  text.startsWith("#")
    ? (text.match(/[0-9A-F]{2}/gi)!.map((part) => parseInt(part, 16)) as Rgb)
    : (text.match(/\d+/g)!.map(Number) as Rgb);

interface Heatmap {
  readonly z: number[][];
  readonly customdata: [number, string, string][][];
  readonly colorscale: [number, string][];
  readonly zmin: number;
  readonly zmax: number;
}

describe("confusionPlot", () => {
  // A row for every hundredth from 0 to 1, so that every colour occurs.
  const classes = 20;
  const counts = Array.from({ length: classes }, (_, truth) =>
    Array.from({ length: classes }, (_, prediction) =>
      prediction === truth
        ? 5 * truth
        : prediction === (truth + 1) % classes
          ? 100 - 5 * truth
          : 0,
    ),
  );
  const names = counts.map((_, label) => `class ${label}`);
  const matrix = new ConfusionMatrix(counts, names);
  const { data, layout, caption } = confusionPlot(matrix, { dataset });
  const heatmap = data[0] as unknown as Heatmap;

  test("has the share in the colour, the count and the share in words, rows true and columns predicted", () => {
    assert.deepEqual(heatmap.z, matrix.normalised());
    assert.deepEqual([heatmap.zmin, heatmap.zmax], [0, 1]);
    assert.deepEqual(heatmap.customdata[3]![4], [85, "class 3", "class 4"]);
    const at = (x: number, y: number) =>
      layout.annotations!.find((word) => word.x === x && word.y === y)?.text;
    assert.equal(at(4, 3), "85<br>0.85");
    assert.equal(at(3, 4), "0<br>0.00");
    assert.match(caption, /CIFAR-10, unverified copy/);
  });

  test("has every name on both axes, the first class above", () => {
    for (const { ticktext, tickvals } of [layout.xaxis!, layout.yaxis!]) {
      assert.deepEqual(ticktext, names);
      assert.deepEqual(
        tickvals,
        names.map((_, label) => label),
      );
    }
    assert.equal(layout.yaxis!.autorange, "reversed");
    assert.equal(layout.xaxis!.title!.text, "Predicted class");
    assert.equal(layout.yaxis!.title!.text, "True class");
  });

  test("grows darker with the share, whatever colours one sees", () => {
    const white: Rgb = [255, 255, 255];
    const steps = heatmap.colorscale.map(([, colour]) =>
      contrast(rgb(colour), white),
    );
    for (let step = 1; step < steps.length; step++) {
      assert.ok(steps[step]! > 1.3 * steps[step - 1]!, String(steps));
    }
  });

  test("its numbers stand out from their cells, in every shade", () => {
    const mixed = (share: number): Rgb => {
      const place = share * (heatmap.colorscale.length - 1);
      const before = Math.min(Math.floor(place), heatmap.colorscale.length - 2);
      const [from, to] = [before, before + 1].map((index) =>
        rgb(heatmap.colorscale[index]![1]),
      );
      return from!.map(
        (value, channel) => value + (to![channel]! - value) * (place - before),
      ) as Rgb;
    };
    for (const { x, y, font } of layout.annotations!) {
      if (typeof x !== "number" || typeof y !== "number" || !heatmap.z[y])
        continue;
      const share = heatmap.z[y][x];
      if (share === undefined) continue;
      const seen = contrast(rgb(String(font!.color)), mixed(share));
      assert.ok(seen >= 4.5, `share ${share}: contrast ${seen}`);
    }
  });

  test("says the most frequent mistakes in words, and shows names as they are", () => {
    const small = new ConfusionMatrix(
      [
        [8, 2],
        [1, 9],
      ],
      ["<b>cat</b>", "dog"],
    );
    const figure = confusionPlot(small, { dataset, title: "Where it errs" });
    assert.match(String(figure), /^17 of 20 on the diagonal$/m);
    assert.match(String(figure), /^<b>cat<\/b> taken for dog: 2$/m);
    assert.equal(
      (figure.layout.xaxis!.ticktext as string[])[0],
      "&lt;b&gt;cat&lt;/b&gt;",
    );
    assert.equal(figure.layout.title!.text, "Where it errs");
  });

  test("writes no numbers into cells too small for them", () => {
    const many = Array.from({ length: 100 }, () =>
      new Array<number>(100).fill(1),
    );
    const figure = confusionPlot(
      new ConfusionMatrix(
        many,
        many.map((_, label) => String(label)),
      ),
      { dataset },
    );
    const inCells = figure.layout.annotations!.filter(({ text }) =>
      text!.includes("<br>"),
    );
    assert.deepEqual(inCells, []);
  });
});

describe("misclassified", () => {
  const labels = new NdArray(Uint8Array.of(0, 1, 2, 1), [4, 1]);
  const probabilities = tf.tensor2d([
    [0.9, 0.1, 0],
    [0.6, 0.4, 0],
    [0.5, 0, 0.5],
    [0, 0.05, 0.95],
  ]);
  const f32 = Math.fround;

  test("finds every sample whose likeliest class is not its label; of equal ones the first counts", () => {
    assert.deepEqual(misclassified(labels, probabilities), [
      { place: 1, truth: 1, prediction: 0, probability: f32(0.6) },
      { place: 2, truth: 2, prediction: 0, probability: 0.5 },
      { place: 3, truth: 1, prediction: 2, probability: f32(0.95) },
    ]);
  });

  test("refuses logits, another number of samples and labels of no class", () => {
    assert.throws(
      () => misclassified(labels, probabilities.mul(3)),
      /adding up to 1 for each sample, received a sum of 3\.0000 at sample 0: logits become probabilities by tf\.softmax/,
    );
    assert.throws(() => misclassified(labels, probabilities.slice(0, 3)), {
      message:
        "Expected `probabilities` to have shape (4, classes), received (3, 3)",
    });
    assert.throws(
      () => misclassified(new NdArray(Uint8Array.of(3), [1]), tf.ones([1, 1])),
      /Expected labels from 0 to 0, received 3 at sample 0/,
    );
  });

  const split = {
    name: "test",
    images: new NdArray(new Uint8Array(4 * 6 * 6).fill(100), [4, 6, 6]),
    labels,
  } as const;
  const names = ["cat", "dog", "large omnivores and herbivores"];

  test("the grid shows the surest mistakes first, with truth, answer and probability", async () => {
    const figure = await misclassifiedGrid(split, probabilities, names, {
      dataset,
    });
    assert.deepEqual(String(figure).split("\n").slice(0, 3), [
      "dog taken for large omnivores and herbivores, 94 %",
      "dog taken for cat, 60 %",
      "large omnivores and herbivores taken for cat, 50 %",
    ]);
    assert.match(
      figure.caption,
      /^3 of 3 mistakes in 4 pictures, the surest first\. Data: CIFAR-10/,
    );
  });

  test("or the first of the split, and not more than there are places for", async () => {
    const figure = await misclassifiedGrid(split, probabilities, names, {
      dataset,
      order: "first",
      rows: 1,
      columns: 2,
    });
    assert.match(String(figure), /^dog taken for cat, 60 %\nlarge omnivores/);
    assert.match(figure.caption, /^2 of 3 mistakes in 4 pictures\. /);
  });

  test("without a mistake there is nothing to show", async () => {
    const right = tf.oneHot([0, 1, 2, 1], 3).toFloat();
    await assert.rejects(
      () => misclassifiedGrid(split, right, names, { dataset }),
      {
        name: "RangeError",
        message:
          "Expected at least one picture that was taken for something else, received none of 4",
      },
    );
  });
});
