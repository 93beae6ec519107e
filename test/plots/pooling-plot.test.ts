/**
 * Pooling, compared with Keras, and its plots.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { pool, poolingPlot } from "../../src/plots/pooling-plot";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";

describe("pool", () => {
  const image = Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: 5 }, (_, x) => ((y * 5 + x * x * 3) % 13) - 4),
  );

  test("equals Keras's max and average pooling, also with remaining rows and columns", async (context) => {
    const sizes = [1, 2, 3];
    const valuesBySize = await runKeras<number[][][][]>(
      context,
      `
x = keras.ops.reshape(keras.ops.convert_to_tensor(given["image"], "float32"), (1, 7, 5, 1))
layers = (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)
result = [[keras.ops.convert_to_numpy(layer(s)(x))[0, :, :, 0].tolist() for layer in layers] for s in given["sizes"]]`,
      { image, sizes },
    );
    if (valuesBySize === undefined) return;
    for (const [index, size] of sizes.entries()) {
      const expected: number[][][] = valuesBySize[index]!;
      assert.deepEqual(pool(image, "max", size), expected[0]);
      const close = (
        actual: number[][],
        reference: number[][],
        factor: number,
      ) =>
        actual.forEach((row, y) =>
          row.forEach((value, x) =>
            assert.ok(Math.abs(value - factor * reference[y]![x]!) < 1e-5),
          ),
        );
      close(pool(image, "average", size), expected[1]!, 1);
      close(pool(image, "sum", size), expected[1]!, size * size);
    }
  });

  test("sums integers exactly", () => {
    for (const size of [2, 3, 5, 7]) {
      for (let trial = 0; trial < 20; trial++) {
        const whole = Array.from({ length: size }, (_, y) =>
          Array.from(
            { length: size },
            (_, x) => ((trial + 3 * y) * (x + 7)) % 23,
          ),
        );
        const sum = whole.flat().reduce((total, value) => total + value, 0);
        assert.deepEqual(pool(whole, "sum", size), [[sum]]);
      }
    }
  });

  test("leaks no tensors", () => {
    const before = tf.memory().numTensors;
    for (const kind of ["max", "average", "sum"] as const) pool(image, kind);
    assert.equal(tf.memory().numTensors, before);
  });

  test("rejects invalid windows and kinds", () => {
    assert.throws(
      () => pool(image, "max", 6),
      errorWith("ERR_INVALID_VALUE", "`size`", "1 to 5", "received 6"),
    );
    assert.throws(
      () => pool(image, "median" as "max"),
      errorWith(
        "ERR_INVALID_VALUE",
        "`kind`",
        '"max", "average" or "sum"',
        'received "median"',
      ),
    );
    assert.throws(
      () => pool([[1], [1, 2]], "max"),
      errorWith("ERR_SHAPE", "`input`", "received lengths 1, 2"),
    );
    assert.throws(
      () => pool([[1, NaN]], "max", 1),
      errorWith("ERR_NOT_FINITE", "`input`", "received NaN"),
    );
  });
});

describe("poolingPlot", () => {
  test("draws the image and three poolings, with a frame around each window and its number", () => {
    const input = [
      [1, 3, 0, 2],
      [5, 2, 1, 1],
      [0, 0, 8, 4],
      [2, 6, 4, 0],
    ];
    const { data, layout } = poolingPlot(input);
    assert.deepEqual(
      (data as { z?: unknown }[]).map(({ z }) => z),
      [
        input,
        [
          [5, 2],
          [6, 8],
        ],
        [
          [2.75, 1],
          [2, 4],
        ],
        [
          [11, 4],
          [8, 16],
        ],
      ],
    );
    const words = layout.annotations!.map(({ text }) => text);
    assert.deepEqual(words, ["input, 4 × 4", "max", "average", "sum"]);
    // One background and four frames for each of four grids.
    assert.equal(layout.shapes!.length, 4 + 16);
    const colors = layout.shapes!.slice(4).map(({ line }) => line!.color);
    assert.equal(new Set(colors).size, 4);
    assert.deepEqual(colors.slice(0, 4), colors.slice(4, 8));
  });

  test("drops remaining cells at the edges, without frames", () => {
    const odd = Array.from({ length: 5 }, (_, y) => [y, 1, 2, 3, 9]);
    const { data, layout } = poolingPlot(odd);
    assert.deepEqual((data[1] as { z?: unknown }).z, [
      [1, 3],
      [3, 3],
    ]);
    assert.equal(layout.shapes!.length, 4 + 4 * 4);
    for (const { x1, y1 } of layout.shapes!.slice(4, 8)) {
      assert.ok(Number(x1) < 4 && Number(y1) < 4);
    }
  });

  test("tints all grids by sign if the image has negative numbers", () => {
    const { data } = poolingPlot([
      [-5, 2],
      [1, -6],
    ]);
    const limits = (data as { zmin?: number; zmax?: number }[]).map(
      ({ zmin, zmax }) => [zmin, zmax],
    );
    assert.deepEqual(limits, [
      [-6, 6],
      [-2, 2],
      [-2, 2],
      [-8, 8],
    ]);
  });
});
