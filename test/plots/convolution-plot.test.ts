/**
 * Plots of convolutions: the numbers are those of the explicit sum.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { convolutionPlot } from "../../src/plots/convolution-plot";

const edge = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];

describe("convolutionPlot", () => {
  const input = Array.from({ length: 6 }, () => [0, 0, 0, 9, 9, 9]);
  const figure = convolutionPlot(input, edge);
  const grids = figure.data as unknown as {
    x: number[];
    y: number[];
    z: number[][];
  }[];

  test("shows input, kernel and output side by side, in this order", () => {
    assert.deepEqual(
      grids.map(({ z }) => z),
      [input, edge, Array.from({ length: 4 }, () => [0, 27, 27, 0])],
    );
    for (const [index, { x, y, z }] of grids.entries()) {
      assert.equal(y.length, z.length);
      assert.equal(x.length, z[0]!.length);
      const before = grids[index - 1];
      if (before) assert.ok(x[0]! > before.x.at(-1)! + 1);
    }
    assert.match(figure.toString(), /^output:\n +0 +27 +27 +0$/m);
  });

  test("frames the largest absolute value, and the kernel's position for it", () => {
    const frames = figure.layout
      .shapes!.filter(({ layer }) => layer !== "below")
      .map(({ x0, x1, y0, y1 }) => [x0, x1, y0, y1].map(Number));
    const left = grids[2]!.x[0]! - 0.5;
    assert.deepEqual(frames, [
      [1, 4, 0, 3],
      [left + 1, left + 2, 1, 2],
    ]);
  });

  test("with padding, shows the zeros, frames the image itself, and marks each kernel position with a dot", () => {
    const small = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ];
    const { data, layout, caption } = convolutionPlot(small, edge, {
      stride: 2,
      padding: "same",
    });
    const [padded, , output] = data as unknown as { z: number[][] }[];
    assert.deepEqual(padded!.z, [
      [0, 0, 0, 0, 0],
      [0, 1, 2, 3, 0],
      [0, 4, 5, 6, 0],
      [0, 7, 8, 9, 0],
      [0, 0, 0, 0, 0],
    ]);
    assert.deepEqual(output!.z, [
      [7, -7],
      [13, -13],
    ]);
    const placed = layout
      .shapes!.filter(({ layer }) => layer !== "below")
      .map(({ type, x0, y0 }) => [type, Number(x0), Number(y0)]);
    // The image, a dot at each position, the strongest position (lower left), and its number.
    assert.deepEqual(placed.slice(0, 6), [
      ["rect", 1, 1],
      ["circle", 0.1, 0.1],
      ["circle", 2.1, 0.1],
      ["circle", 0.1, 2.1],
      ["circle", 2.1, 2.1],
      ["rect", 0, 2],
    ]);
    assert.match(layout.annotations![0]!.text!, /^input, 3 × 3, and zeros$/);
    assert.equal(caption, "Stride 2: a dot at each position of the kernel");
  });
});
