/**
 * Plots of confusion matrices: all numbers in their cells, in readable colors.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { confusionPlot } from "../../src/plots/confusion-plot";
import { ConfusionMatrix } from "../../src/training/confusion-matrix";
import { errorWith } from "../error-with";

const dataset = { title: "CIFAR-10", provenance: "unverified" } as const;

type Rgb = [number, number, number];

/** Contrast of two colors, from 1 to 21 (W3C, Web Content Accessibility Guidelines 2.1, 1.4.3). */
function contrast(one: Rgb, other: Rgb): number {
  const light = (color: Rgb) => {
    const [r, g, b] = color.map((value) => {
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
  // Diagonal shares from 0 to 1, so that every color occurs.
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

  test("shows the share as color, and count and share as text, with true rows and predicted columns", () => {
    assert.deepEqual(heatmap.z, matrix.normalized());
    assert.deepEqual([heatmap.zmin, heatmap.zmax], [0, 1]);
    assert.deepEqual(heatmap.customdata[3]![4], [85, "class 3", "class 4"]);
    const at = (x: number, y: number) =>
      layout.annotations!.find((label) => label.x === x && label.y === y)?.text;
    assert.equal(at(4, 3), "85<br>0.85");
    assert.equal(at(3, 4), "0<br>0.00");
    assert.match(caption, /CIFAR-10, unverified copy/);
  });

  test("shows every name on both axes, with the first class on top", () => {
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

  test("darkens with the share, independent of hue", () => {
    const white: Rgb = [255, 255, 255];
    const steps = heatmap.colorscale.map(([, color]) =>
      contrast(rgb(color), white),
    );
    for (let step = 1; step < steps.length; step++) {
      assert.ok(steps[step]! > 1.3 * steps[step - 1]!, String(steps));
    }
  });

  test("has readable numbers on every color", () => {
    let numbers = 0;
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
      numbers++;
      const seen = contrast(rgb(String(font!.color)), mixed(share));
      assert.ok(seen >= 4.5, `share ${share}: contrast ${seen}`);
    }
    assert.ok(numbers >= classes * classes, `${numbers} numbers`);
  });

  test("lists the most frequent errors as text, and escapes names in the figure", () => {
    const small = new ConfusionMatrix(
      [
        [8, 2],
        [1, 9],
      ],
      ["<b>cat</b>", "dog"],
    );
    const figure = confusionPlot(small, { dataset, title: "Where it errs" });
    assert.match(String(figure), /^17 of 20 on the diagonal$/m);
    assert.match(String(figure), /^<b>cat<\/b> predicted as dog: 2$/m);
    assert.equal(
      (figure.layout.xaxis!.ticktext as string[])[0],
      "&lt;b&gt;cat&lt;/b&gt;",
    );
    assert.equal(figure.layout.title!.text, "Where it errs");
  });

  test("omits numbers in cells that are too small", () => {
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

  test("rejects a matrix without classes", () => {
    assert.throws(
      () => confusionPlot(new ConfusionMatrix([], []), { dataset }),
      errorWith("ERR_SHAPE", "received an empty one"),
    );
  });
});
