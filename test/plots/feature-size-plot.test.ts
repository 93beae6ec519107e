/**
 * Plots of feature sizes: a scaled box for each layer that changes them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { featureSizePlot } from "../../src/plots/feature-size-plot";
import { errorWith } from "../error-with";

interface Bars {
  name: string;
  x: number[];
  y: number[];
  base: number[];
  width: number[];
}

const chain = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [10, 10, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.conv2d({ filters: 16, kernelSize: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 4 }),
    ],
  });

test("has heights equal to the rows, and widths that grow by a constant for each doubling", () => {
  const plot = featureSizePlot(chain(), { caption: "A chain" });
  const bars = plot.data as unknown as Bars[];
  assert.deepEqual(
    bars.map(({ name, y }) => [name, y]),
    [
      ["input", [10]],
      ["convolution", [8, 2]],
      ["pooling", [4]],
      ["dense", [1]],
      ["other", [1]],
    ],
  );
  for (const { y, base } of bars) {
    y.forEach((height, index) => assert.equal(base[index], -height / 2));
  }
  const widthOf = (name: string, index = 0) =>
    bars.find((bar) => bar.name === name)!.width[index]!;
  const doubling = widthOf("convolution", 1) - widthOf("convolution");
  assert.ok(doubling > 0);
  assert.ok(
    Math.abs(widthOf("convolution") - widthOf("input") - 3 * doubling) < 1e-9,
  );
  assert.equal(
    plot.toString(),
    "input: 10 x 10 x 1\nconvolution: 8 x 8 x 8\npooling: 4 x 4 x 8\nconvolution: 2 x 2 x 16\nother: 64\ndense: 4\nA chain",
  );
});

test("places boxes side by side without contact", () => {
  const bars = featureSizePlot(chain()).data as unknown as Bars[];
  const edges = bars
    .flatMap(({ x, width }) =>
      x.map((place, index) => [
        place - width[index]! / 2,
        place + width[index]! / 2,
      ]),
    )
    .sort(([one], [other]) => one! - other!);
  for (let index = 1; index < edges.length; index++)
    assert.ok(edges[index]![0]! > edges[index - 1]![1]!);
});

test("rejects a branching model", () => {
  const input = tf.input({ shape: [4, 4, 1] });
  const relu = tf.layers.reLU().apply(input) as tf.SymbolicTensor;
  const sum = tf.layers.add().apply([input, relu]) as tf.SymbolicTensor;
  assert.throws(
    () => featureSizePlot(tf.model({ inputs: input, outputs: sum })),
    errorWith("ERR_UNSUPPORTED"),
  );
});
