/**
 * Tests the byte array NdArray.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { NdArray } from "../../src/data/nd-array";
import { errorWith } from "../error-with";

const counting = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => index);

test("formats shape and type like NumPy", () => {
  const array = new NdArray(new Uint8Array(2 * 32 * 32 * 3), [2, 32, 32, 3]);
  assert.equal(array.toString(), "(2, 32, 32, 3) uint8");
  assert.equal(`${new NdArray(counting(3), [3])}`, "(3,) uint8");
  assert.equal(`${new NdArray(counting(1), [])}`, "() uint8");
  assert.equal(array.dtype, "uint8");
});

test("shows shape and type when inspected, not the values", () => {
  assert.equal(
    inspect(new NdArray(counting(6), [2, 3])),
    "NdArray (2, 3) uint8",
  );
});

test("rejects a shape that does not match the data", () => {
  assert.throws(
    () => new NdArray(counting(5), [2, 3]),
    errorWith("ERR_SHAPE", "`data`", "6 values", "(2, 3)", "received 5"),
  );
  for (const shape of [[-1, -6], [1.5, 4], [NaN]]) {
    assert.throws(
      () => new NdArray(counting(6), shape),
      errorWith("ERR_SHAPE", "`shape`", `received (${shape.join(", ")})`),
    );
  }
});

test("accepts an array without rows", () => {
  const empty = new NdArray(new Uint8Array(0), [0, 3]);
  assert.deepEqual(empty.slice(0, 5).shape, [0, 3]);
});

test("copies the shape", () => {
  const shape = [2, 3];
  const array = new NdArray(counting(6), shape);
  shape[0] = 7;
  assert.deepEqual(array.shape, [2, 3]);
});

test("slices like Python", () => {
  const array = new NdArray(counting(10), [5, 2]);
  const cases: [number, number | undefined, number[]][] = [
    [0, 2, [0, 1, 2, 3]],
    [3, undefined, [6, 7, 8, 9]],
    [-1, undefined, [8, 9]],
    [0, -4, [0, 1]],
    [-100, 1, [0, 1]],
    [4, 100, [8, 9]],
    [3, 2, []],
    [7, 9, []],
  ];
  for (const [begin, end, expected] of cases) {
    const part = array.slice(begin, end);
    assert.deepEqual([...part.data], expected, `[${begin}:${end}]`);
    assert.deepEqual(part.shape, [expected.length / 2, 2]);
  }
});

test("slices a slice", () => {
  const array = new NdArray(counting(10), [10]);
  assert.deepEqual([...array.slice(4).slice(2, 4).data], [6, 7]);
});

test("shares memory between a slice and its array", () => {
  const array = new NdArray(counting(6), [3, 2]);
  array.slice(1, 2).data[0] = 200;
  assert.equal(array.data[2], 200);
});

test("rejects slices with fractional indices or without axes", () => {
  const array = new NdArray(counting(6), [3, 2]);
  assert.throws(
    () => array.slice(0.5),
    errorWith("ERR_INVALID_VALUE", "received 0.5"),
  );
  assert.throws(
    () => array.slice(0, NaN),
    errorWith("ERR_INVALID_VALUE", "received NaN"),
  );
  assert.throws(
    () => new NdArray(counting(1), []).slice(0),
    errorWith("ERR_SHAPE", "received shape ()"),
  );
});

test("converts to an int32 tensor of the same shape and values", () => {
  const array = new NdArray(Uint8Array.of(0, 127, 128, 255), [2, 2]);
  const tensor = array.tensor();
  assert.equal(tensor.dtype, "int32");
  assert.deepEqual(tensor.arraySync(), [
    [0, 127],
    [128, 255],
  ]);
  tensor.dispose();
});

test("converts only the slice to a tensor", () => {
  const tensor = new NdArray(counting(6), [3, 2]).slice(2).tensor();
  assert.deepEqual(tensor.arraySync(), [[4, 5]]);
  tensor.dispose();
});
