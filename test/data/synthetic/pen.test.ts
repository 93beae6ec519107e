/**
 * Tests smooth lines, pen strokes and handwritten digits.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Canvas } from "../../../src/data/synthetic/canvas";
import { handwriting } from "../../../src/data/synthetic/handwriting";
import { smooth, write } from "../../../src/data/synthetic/pen";
import { Random } from "../../../src/data/synthetic/random";

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `Expected ${expected}, received ${actual}`,
  );
}

function area({ pixels }: Canvas): number {
  return pixels.reduce((sum, value) => sum + value, 0);
}

test("a smooth line passes through its points", () => {
  const points = [0, 0, 1, 2, 3, -1, 4, 4];
  const line = smooth(points);
  for (let index = 0; index < points.length; index += 2) {
    const place = line.findIndex(
      (value, at) =>
        at % 2 === 0 &&
        Math.abs(value - points[index]!) < 1e-12 &&
        Math.abs(line[at + 1]! - points[index + 1]!) < 1e-12,
    );
    assert.notEqual(place, -1, `point ${index / 2}`);
  }
});

test("a smooth line through collinear points is straight", () => {
  const line = smooth([0, 0, 1, 2, 2, 4, 3, 6]);
  for (let index = 0; index < line.length; index += 2)
    near(line[index + 1]!, 2 * line[index]!, 1e-12);
});

test("a smooth line has no corners", () => {
  const line = smooth([0, 0, 1, 0, 1, 1, 0, 1]);
  for (let index = 2; index < line.length - 2; index += 2) {
    const [x1, y1] = [
      line[index]! - line[index - 2]!,
      line[index + 1]! - line[index - 1]!,
    ];
    const [x2, y2] = [
      line[index + 2]! - line[index]!,
      line[index + 3]! - line[index + 1]!,
    ];
    const cosine =
      (x1 * x2 + y1 * y2) / (Math.hypot(x1, y1) * Math.hypot(x2, y2));
    assert.ok(cosine > 0.7, `${cosine}`);
  }
});

test("a stroke covers its length times its width plus its round ends", () => {
  const canvas = new Canvas(28, 1);
  write(canvas, [6, 14, 20, 14], 2, 2, 1);
  near(area(canvas), 14 * 4 + Math.PI * 4, 1.5);
});

test("a stroke widens from one radius to the other", () => {
  const canvas = new Canvas(28, 1);
  write(canvas, [4, 14, 9, 14, 14, 14, 19, 14, 24, 14], 1, 3, 1);
  const height = (column: number): number =>
    Array.from(
      { length: 28 },
      (_, row) => canvas.pixels[row * 28 + column]!,
    ).filter((value) => value > 0.5).length;
  assert.ok(height(5) <= 3 && height(23) >= 5, `${height(5)}, ${height(23)}`);
});

test("a line gets no lighter where it crosses itself", () => {
  const canvas = new Canvas(28, 1);
  write(canvas, [4, 4, 24, 24, 24, 4, 4, 24], 1, 1, 0.6);
  assert.equal(Math.max(...canvas.pixels), Math.fround(0.6));
});

test("lines are clipped at the edge of the image", () => {
  const canvas = new Canvas(28, 1);
  write(canvas, [-9, -9, -4, -4, 40, 40], 1, 1, 1);
  assert.ok(area(canvas) > 50);
  assert.ok(canvas.pixels.every(Number.isFinite));
});

test("digits stay within their bounds and vary", () => {
  for (let digit = 0; digit < 10; digit++) {
    const random = new Random(digit);
    const seen = new Set<string>();
    for (let time = 0; time < 50; time++) {
      const lines = handwriting(digit, random);
      seen.add(JSON.stringify(lines));
      for (const line of lines) {
        assert.equal(line.length % 2, 0);
        assert.ok(line.length >= 4);
        line.forEach((value, index) =>
          assert.ok(Math.abs(value) < (index % 2 ? 1.25 : 0.95), `${value}`),
        );
      }
    }
    assert.equal(seen.size, 50);
  }
});
