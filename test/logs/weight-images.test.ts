/**
 * Weights as images: which arrays, how they are turned, and their scale.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { weightImages } from "../../src/logs/weight-images";
import { WeightArray } from "../../src/training/weights";

const images = (shape: readonly number[], values: readonly number[]) => {
  const found = weightImages(
    new WeightArray("layer/kernel", Float32Array.from(values), shape),
  );
  return found && { shape: found.shape, data: [...found.data] };
};

describe("weights as images", () => {
  test("are scaled from black to white", () => {
    assert.deepEqual(images([3], [-1, 0, 1]), {
      shape: [1, 1, 3, 1],
      data: [0, 128, 255],
    });
    assert.deepEqual(images([2], [5, 5])!.data, [0, 0]);
    assert.deepEqual(images([3], [0, NaN, 1])!.data, [0, 0, 255]);
    assert.equal(images([2], [NaN, Infinity]), undefined);
  });

  test("have the longer side of a matrix as their width", () => {
    const wide = { shape: [1, 2, 3, 1], data: [0, 51, 102, 153, 204, 255] };
    assert.deepEqual(images([2, 3], [0, 1, 2, 3, 4, 5]), wide);
    assert.deepEqual(images([3, 2], [0, 3, 1, 4, 2, 5]), wide);
  });

  test("are the filters of a kernel with 1 or 3 input channels", () => {
    const values = Array.from({ length: 12 }, (_, index) => index);
    // (height 1, width 2, channels 3, filters 2): every second value is the first filter's.
    const [kernel, ...others] = [
      images([1, 2, 3, 2], values),
      images([1, 3, 2, 2], values),
      images([1, 2, 3, 2, 1], values),
    ];
    assert.deepEqual(kernel!.shape, [2, 1, 2, 3]);
    const grays = (list: readonly number[]) =>
      list.map((value) => Math.round((value * 255) / 11));
    assert.deepEqual(kernel!.data, [
      ...grays([0, 2, 4, 6, 8, 10]),
      ...grays([1, 3, 5, 7, 9, 11]),
    ]);
    assert.deepEqual(others, [undefined, undefined]);
  });
});
