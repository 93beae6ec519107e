/**
 * Activation plots: the values are Keras's.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { activationPlot, activations } from "../../src/plots/activation-plot";
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

  test("draws six functions from −3 to 3, including the kink at 0", () => {
    assert.deepEqual(
      curves.map(({ name }) => name),
      ["Sigmoid", "Tanh", "ReLU", "Leaky ReLU", "Maxout", "ELU"],
    );
    for (const { x } of curves) {
      assert.deepEqual([x[0], x[60], x.at(-1)], [-3, 0, 3]);
    }
  });

  test("matches Keras for five functions, and maxout is the maximum of its pieces", async (context) => {
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
    for (const [order, { name, y }] of others.entries()) {
      for (const [index, value] of expected[order]!.entries()) {
        assert.ok(Math.abs(y[index]! - value) < 1e-6, `${name} at ${index}`);
      }
    }
    const { pieces } = activations[4]!;
    const maxout = curves[4]!;
    for (const [place, x] of maxout.x.entries()) {
      const lines = pieces!.map(([slope, offset]) => slope * x + offset);
      assert.ok(Math.abs(maxout.y[place]! - Math.max(...lines)) < 1e-6);
    }
  });

  test("leaks no tensors", () => {
    const before = tf.memory().numTensors;
    activationPlot();
    assert.equal(tf.memory().numTensors, before);
  });

  test("describes the functions as text", () => {
    assert.match(
      String(activationPlot()),
      /^ReLU: -2 → 0\.0000.* 2 → 2\.0000$/m,
    );
  });
});
