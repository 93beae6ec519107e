/**
 * Tests `splitAt`, `withChannelAxis` and `oneHot`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withChannelAxis } from "../../src/data/channel-axis";
import { NdArray } from "../../src/data/nd-array";
import { oneHot } from "../../src/data/one-hot";
import { type Split, splitAt } from "../../src/data/split";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";

const split: Split = {
  name: "train",
  images: new NdArray(
    Uint8Array.from({ length: 5 * 6 }, (_, index) => index),
    [5, 2, 3],
  ),
  labels: new NdArray(Uint8Array.of(3, 1, 4, 1, 5), [5]),
};

test("splitAt takes the first images for validation and the rest for training", () => {
  const { validation, train } = splitAt(split, 2);
  assert.equal(validation.name, "validation");
  assert.equal(train.name, "train");
  assert.equal(`${validation.images}`, "(2, 2, 3) uint8");
  assert.deepEqual([...validation.labels.data], [3, 1]);
  assert.deepEqual([...train.labels.data], [4, 1, 5]);
  assert.equal(train.images.data[0], 12);
  assert.equal(train.images.data.buffer, split.images.data.buffer);
});

for (const count of [0, 5, -1, 1.5, NaN]) {
  test(`splitAt rejects ${count} of 5 images`, () => {
    assert.throws(
      () => splitAt(split, count),
      errorWith("ERR_INVALID_VALUE", "`count`", "1 to 4", `received ${count}`),
    );
  });
}

test("withChannelAxis adds the last axis without copying", () => {
  const images = withChannelAxis(split.images);
  assert.equal(`${images}`, "(5, 2, 3, 1) uint8");
  assert.equal(images.data, split.images.data);
  assert.throws(
    () => withChannelAxis(images),
    errorWith("ERR_SHAPE", "`images`", "3 axes", "received (5, 2, 3, 1)"),
  );
});

test("oneHot returns the same vectors as NumPy", async (context) => {
  const expected = await runNumpy<number[][]>(
    context,
    "result = np.eye(6, dtype=np.float32)[[3, 1, 4, 1, 5]].tolist()",
  );
  if (expected === undefined) return;
  for (const shape of [[5], [5, 1]]) {
    const vectors = oneHot(new NdArray(split.labels.data, shape), 6);
    assert.equal(vectors.dtype, "float32");
    assert.deepEqual(await vectors.array(), expected);
    vectors.dispose();
  }
});

test("oneHot rejects an invalid number of classes", () => {
  for (const classes of [undefined, NaN, "10", -1, 0, 2.5]) {
    assert.throws(
      () => oneHot(split.labels, classes as number),
      errorWith("ERR_INVALID_VALUE", "`classes` to be a positive integer"),
    );
  }
});

test("oneHot rejects invalid labels", () => {
  assert.throws(
    () => oneHot(split.labels, 5),
    errorWith("ERR_INVALID_VALUE", "0 to 4", "received 5 in row 4"),
  );
  assert.throws(
    () => oneHot(split.images, 10),
    errorWith("ERR_SHAPE", "`labels`", `received ${split.images}`),
  );
});
