/**
 * Tests shapes, colors and the canvas of the synthetic images.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Canvas } from "../../../src/data/synthetic/canvas";
import { rotation } from "../../../src/data/synthetic/drawing";
import { hsv } from "../../../src/data/synthetic/ink";
import {
  ellipse,
  polygon,
  smooth,
  stroke,
} from "../../../src/data/synthetic/shape";
import type { Point, Shape } from "../../../src/data/synthetic/shape";

const WHITE = [1, 1, 1] as const;

/** A rectangle around the middle of a canvas of 32 x 32 pixels, half as wide and high as given. */
const box = (width: number, height: number): Shape =>
  polygon([
    [16 - width, 16 - height],
    [16 + width, 16 - height],
    [16 + width, 16 + height],
    [16 - width, 16 + height],
  ]);

function near(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `Expected ${expected}, received ${actual}`,
  );
}

function painted(shape: Shape, opacity = 1): Canvas {
  const canvas = new Canvas(32);
  canvas.paint(shape, { color: WHITE, opacity });
  return canvas;
}

/** Returns the covered area, in pixels. */
function area({ pixels }: Canvas): number {
  return pixels.reduce((sum, value) => sum + value, 0) / 3;
}

function center({ pixels, size }: Canvas): [number, number] {
  let [sum, x, y] = [0, 0, 0];
  for (let index = 0; index < size * size; index++) {
    const value = pixels[index * 3]!;
    sum += value;
    x += value * ((index % size) + 0.5);
    y += value * (Math.floor(index / size) + 0.5);
  }
  return [x / sum, y / sum];
}

test("distances to a circle are exact", () => {
  const circle = ellipse([1, 2], 3);
  near(circle.distance(1, 2), -3);
  near(circle.distance(4, 2), 0);
  near(circle.distance(1, 7), 2);
});

test("distances to an ellipse have the right sign and are 0 on the outline", () => {
  const shape = ellipse([0, 0], 4, 1);
  near(shape.distance(4, 0), 0);
  near(shape.distance(0, -1), 0);
  assert.ok(shape.distance(3, 0.5) < 0);
  assert.ok(shape.distance(3, 0.9) > 0);
});

test("an ellipse turned by a quarter is as high as it was wide", () => {
  const shape = ellipse([0, 0], 4, 1, rotation(1));
  near(shape.distance(0, 4), 0);
  near(shape.distance(1, 0), 0);
  assert.ok(shape.bottom >= 4 && shape.top <= -4);
});

test("distances to a stroke account for its thickness at each end", () => {
  const shape = stroke([0, 0], [10, 0], 1, 2);
  near(shape.distance(-3, 0), 2);
  near(shape.distance(0, 4), 3);
  near(shape.distance(5, 1.5), 0);
  near(shape.distance(15, 0), 3);
});

test("a stroke without length is a disk", () => {
  near(stroke([1, 1], [1, 1], 2).distance(1, 5), 2);
});

test("distances to a polygon are exact for both orders of corners", () => {
  const corners: Point[] = [
    [-2, -1],
    [2, -1],
    [2, 1],
    [-2, 1],
  ];
  for (const each of [corners, [...corners].reverse()]) {
    const shape = polygon(each);
    for (const [x, y, distance] of [
      [0, 0, -1],
      [1.5, 0.5, -0.5],
      [3, 0, 1],
      [5, 5, 5],
      [-1, -6, 5],
    ] as const) {
      near(shape.distance(x, y), distance);
    }
    assert.deepEqual(
      [shape.left, shape.top, shape.right, shape.bottom],
      [-2, -1, 2, 1],
    );
  }
});

test("a polygon's notch is outside", () => {
  const shape = polygon([
    [0, 0],
    [4, 0],
    [4, 4],
    [2, 1],
    [0, 4],
  ]);
  assert.ok(shape.distance(2, 3) > 0);
  assert.ok(shape.distance(0.5, 2) < 0);
});

test("a shape covers as many pixels as its area", () => {
  near(area(painted(ellipse([16, 16], 10))), Math.PI * 100, 2);
  near(area(painted(ellipse([16, 16], 12, 4, rotation(0.3)))), Math.PI * 48, 6);
  near(area(painted(box(10, 5))), 200, 2);
  near(area(painted(stroke([8, 16], [24, 16], 3))), 16 * 6 + Math.PI * 9, 2);
});

test("a shape is drawn where its points say", () => {
  const [x, y] = center(painted(ellipse([21, 18], 3)));
  near(x, 21, 0.05);
  near(y, 18, 0.05);
});

test("a rotation is a cosine and a sine", () => {
  for (const t of [-1, -0.3, 0, 0.7, 1]) {
    const [cosine, sine] = rotation(t);
    near(cosine, Math.cos(2 * Math.atan(t)), 1e-12);
    near(sine, Math.sin(2 * Math.atan(t)), 1e-12);
  }
});

test("shapes are clipped at the edge of the image", () => {
  near(area(painted(ellipse([0, 16], 10))), 157, 2);
  assert.equal(area(painted(ellipse([100, 16], 10))), 0);
  near(area(painted(ellipse([16, 16], 90))), 1024);
});

test("opacity scales the ink; light and texture multiply the color", () => {
  const at = ({ pixels }: Canvas, x: number, y: number) => [
    ...pixels.slice((y * 32 + x) * 3, (y * 32 + x) * 3 + 3),
  ];
  near(at(painted(box(10, 10), 0.5), 16, 16)[0]!, 0.5, 1e-6);
  const canvas = new Canvas(32);
  canvas.paint(box(10, 10), {
    color: [1, 0.5, 0],
    light: (y) => (y < 16 ? 1 : 0.5),
    texture: (x) => (x < 16 ? 0.5 : 1),
  });
  assert.deepEqual(at(canvas, 20, 10), [1, 0.5, 0]);
  assert.deepEqual(at(canvas, 10, 10), [0.5, 0.25, 0]);
  assert.deepEqual(at(canvas, 10, 20), [0.25, 0.125, 0]);
});

test("a smooth line keeps its ends and cuts its corners", () => {
  const line = smooth([
    [0, 0],
    [4, 0],
    [4, 8],
  ]);
  assert.deepEqual(line, [
    [0, 0],
    [1, 0],
    [3, 0],
    [4, 2],
    [4, 6],
    [4, 8],
  ]);
});

test("hues go around the color circle", () => {
  const named: [number, number[]][] = [
    [0, [1, 0, 0]],
    [1 / 6, [1, 1, 0]],
    [1 / 3, [0, 1, 0]],
    [1 / 2, [0, 1, 1]],
    [2 / 3, [0, 0, 1]],
    [5 / 6, [1, 0, 1]],
    [-1 / 3, [0, 0, 1]],
  ];
  for (const [hue, expected] of named) {
    hsv(hue, 1, 1).forEach((value, index) => near(value, expected[index]!));
  }
  assert.deepEqual(hsv(0.4, 0, 0.7), [0.7, 0.7, 0.7]);
});

test("a canvas with one channel uses the red value", () => {
  const canvas = new Canvas(32, 1);
  assert.equal(canvas.pixels.length, 32 * 32);
  canvas.paint(box(10, 10), { color: [0.5, 0.1, 0.9] });
  assert.equal(canvas.pixels[16 * 32 + 16], 0.5);
  assert.equal(canvas.pixels[0], 0);
});

test("bytes are rounded and clipped to 0 and 255", () => {
  const canvas = new Canvas(2, 1);
  canvas.pixels.set([-0.2, 1.7, 0.5, 0.2]);
  const bytes = new Uint8Array(6).fill(9);
  canvas.writeBytes(bytes, 1);
  assert.deepEqual([...bytes], [9, 0, 255, 128, 51, 9]);
  // Uint8ClampedArray rounds and clips in the same way.
  const values = Float32Array.from(
    { length: 32 * 32 },
    (_, index) => index / 1000,
  );
  const large = new Canvas(32, 1);
  large.pixels.set(values);
  const written = new Uint8Array(32 * 32);
  large.writeBytes(written, 0);
  assert.deepEqual(
    [...written],
    [...Uint8ClampedArray.from(values, (value) => value * 255)],
  );
});
