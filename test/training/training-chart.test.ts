/**
 * Tests the picture of a training run: where its curves are, and what it leaves out.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { StepCurve } from "../../src/training/step-curve";
import {
  describeChart,
  trainingChart,
} from "../../src/training/training-chart";

const curves = [
  { name: "loss", points: [[1, 2] as const, [2, 1] as const, [4, 0] as const] },
  { name: "val_loss", points: [[1, 2] as const, [4, 1] as const] },
];

/** Returns the places of a curve's points, by its color. */
function places(svg: string, color: string): readonly (readonly number[])[] {
  const path = new RegExp(`<path d="M([^"]+)" fill="none" stroke="${color}"`);
  const [, line = ""] = path.exec(svg) ?? [];
  return line.split("L").map((place) => place.split(" ").map(Number));
}

const [blue, vermilion] = ["#0072B2", "#D55E00"];

describe("trainingChart", () => {
  test("places points by epoch and value", () => {
    const svg = trainingChart(curves, 4);
    const [first, second, last] = places(svg, blue);
    const [left, right] = [first![0]!, last![0]!];
    // Epoch 2 of 1 to 4 is a third of the way.
    assert.ok(Math.abs(second![0]! - (left + (right - left) / 3)) < 0.11);
    const [top, bottom] = [first![1]!, last![1]!];
    assert.ok(top < bottom, "A larger value is higher.");
    assert.ok(Math.abs(second![1]! - (top + bottom) / 2) < 0.11);
    assert.deepEqual(places(svg, vermilion), [first, [right, second![1]]]);
  });

  test("has a panel for each of the first two metrics", () => {
    const accuracy = { name: "accuracy", points: [[1, 0.5] as const] };
    const other = { name: "precision", points: [[1, 0.5] as const] };
    const svg = trainingChart([...curves, accuracy, other], 4);
    assert.match(svg, /viewBox="0 0 620 190"/);
    assert.match(svg, />loss</);
    assert.match(svg, />accuracy</);
    assert.doesNotMatch(svg, />precision</);
  });

  test("names validation only where there is some", () => {
    assert.match(trainingChart(curves, 4), /validation/);
    assert.doesNotMatch(trainingChart([curves[0]!], 4), /validation/);
  });

  test("leaves out values that are not finite, and draws nothing for none", () => {
    const points = [[1, 1] as const, [2, NaN] as const, [3, Infinity] as const];
    const svg = trainingChart([{ name: "loss", points }], 4);
    assert.equal(places(svg, blue).length, 1);
    assert.doesNotMatch(svg, /NaN|Infinity/);
    const empty = trainingChart([{ name: "loss", points: [] }], 4);
    assert.doesNotMatch(empty, /NaN|Infinity|fill="none"/);
  });

  test("has round numbers at the axes", () => {
    const svg = trainingChart(curves, 4);
    const texts = [...svg.matchAll(/<text[^>]*>(-?[\d.]+)<\/text>/g)];
    const numbers = texts.map(([, text]) => text);
    assert.deepEqual(numbers, ["0", "1", "2", "0", "1", "2", "3", "4"]);
  });

  test("shows curves whose values are all equal or tiny", () => {
    for (const value of [0, 3, 1e-9]) {
      const points = [[1, value] as const, [2, value] as const];
      const svg = trainingChart([{ name: "loss", points }], 2);
      assert.doesNotMatch(svg, /NaN|Infinity/);
      assert.equal(places(svg, blue).length, 2);
    }
  });

  test("is described in words", () => {
    assert.equal(
      describeChart(curves),
      "Curves of the training: loss from 2.0000 to 0.0000, val_loss from 2.0000 to 1.0000",
    );
    assert.equal(describeChart([]), "Curves of the training; none yet");
  });
});

describe("StepCurve", () => {
  test("keeps a bounded number of points with the means of all values", () => {
    const curve = new StepCurve();
    const count = 10_000;
    for (let index = 1; index <= count; index += 1) {
      curve.add(index / count, index % 2);
    }
    const { points } = curve;
    assert.ok(points.length > 100 && points.length < 240, `${points.length}`);
    for (const [, value] of points) assert.equal(value, 0.5);
    assert.ok(
      points.every(([at], index) => index === 0 || at > points[index - 1]![0]),
    );
  });

  test("keeps every value of a short run", () => {
    const curve = new StepCurve();
    curve.add(0.5, 2);
    curve.add(1, 1);
    assert.deepEqual(curve.points, [
      [0.5, 2],
      [1, 1],
    ]);
  });
});
