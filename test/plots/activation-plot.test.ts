/**
 * Activations and pooling: the numbers drawn are Keras's.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { activationPlot, activations } from "../../src/plots/activation-plot";
import { pool, poolingPlot } from "../../src/plots/pooling-plot";
import { runKeras } from "../oracles/python";

interface Curve {
  readonly name: string;
  readonly x: number[];
  readonly y: number[];
  readonly line: { readonly dash?: string };
}

describe("activationPlot", () => {
  const curves = (activationPlot().data as unknown as Curve[]).filter(
    ({ line }) => line.dash === undefined,
  );

  test("draws six functions from −3 to 3, the bend at 0 among their points", () => {
    assert.deepEqual(
      curves.map(({ name }) => name),
      ["Sigmoid", "Tanh", "ReLU", "Leaky ReLU", "Maxout", "ELU"],
    );
    for (const { x } of curves) {
      assert.deepEqual([x[0], x[60], x.at(-1)], [-3, 0, 3]);
    }
  });

  test("five of them are Keras's, and maxout is the largest of its lines", async (context) => {
    const expected = await runKeras<number[][]>(
      context,
      `
a = keras.activations
x = keras.ops.convert_to_tensor(given["x"], "float32")
result = [[float(v) for v in f(x)] for f in (a.sigmoid, a.tanh, a.relu, lambda x: a.leaky_relu(x, 0.1), a.elu)]`,
      { x: curves[0]!.x },
    );
    if (expected === undefined) return;
    const others = curves.filter(({ name }) => name !== "Maxout");
    for (const [index, { name, y }] of others.entries()) {
      for (const [place, value] of expected[index]!.entries()) {
        assert.ok(Math.abs(y[place]! - value) < 1e-6, `${name} at ${place}`);
      }
    }
    const { pieces } = activations[4]!;
    const maxout = curves[4]!;
    for (const [place, x] of maxout.x.entries()) {
      const lines = pieces!.map(([slope, offset]) => slope * x + offset);
      assert.ok(Math.abs(maxout.y[place]! - Math.max(...lines)) < 1e-6);
    }
  });

  test("leaves no tensors behind", () => {
    const before = tf.memory().numTensors;
    activationPlot();
    assert.equal(tf.memory().numTensors, before);
  });

  test("says in words what it draws", () => {
    assert.match(
      String(activationPlot()),
      /^ReLU: -2 → 0\.0000.* 2 → 2\.0000$/m,
    );
  });
});

describe("pool", () => {
  const picture = Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: 5 }, (_, x) => ((y * 5 + x * x * 3) % 13) - 4),
  );

  test("is Keras's max and average pooling, also where a row and a column are left over", async (context) => {
    for (const size of [1, 2, 3]) {
      const expected = await runKeras<number[][][]>(
        context,
        `
x = keras.ops.reshape(keras.ops.convert_to_tensor(given["picture"], "float32"), (1, 7, 5, 1))
s = given["size"]
result = [keras.ops.convert_to_numpy(layer(s)(x))[0, :, :, 0].tolist() for layer in (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)]`,
        { picture, size },
      );
      if (expected === undefined) return;
      assert.deepEqual(pool(picture, "max", size), expected[0]);
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
      close(pool(picture, "average", size), expected[1]!, 1);
      close(pool(picture, "sum", size), expected[1]!, size * size);
    }
  });

  test("refuses windows and kinds that are none", () => {
    assert.throws(() => pool(picture, "max", 6), {
      name: "RangeError",
      message: "Expected `size` to be a whole number from 1 to 5, received 6",
    });
    assert.throws(() => pool(picture, "median" as "max"), {
      message:
        'Expected `kind` to be "max", "average" or "sum", received "median"',
    });
    assert.throws(() => pool([[1], [1, 2]], "max"), RangeError);
  });
});

describe("poolingPlot", () => {
  test("draws the picture and its three poolings, a frame around each window and its number", () => {
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
    // A ground below each of four grids, and four frames on each.
    assert.equal(layout.shapes!.length, 4 + 16);
    const colours = layout.shapes!.slice(4).map(({ line }) => line!.color);
    assert.equal(new Set(colours).size, 4);
    assert.deepEqual(colours.slice(0, 4), colours.slice(4, 8));
  });
});
