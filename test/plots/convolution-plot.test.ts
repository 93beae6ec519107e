/**
 * The picture of a convolution: its numbers are those of the sum written out.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { convolutionPlot } from "../../src/plots/convolution-plot";
import { convolve } from "../../src/plots/convolve";

const edge = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];

/** The definition, as four loops. */
function byDefinition(input: number[][], kernel: number[][]): number[][] {
  const output: number[][] = [];
  for (let y = 0; y + kernel.length <= input.length; y++) {
    const row: number[] = [];
    for (let x = 0; x + kernel[0]!.length <= input[0]!.length; x++) {
      let sum = 0;
      kernel.forEach((weights, v) =>
        weights.forEach((weight, u) => (sum += weight * input[y + v]![x + u]!)),
      );
      row.push(sum);
    }
    output.push(row);
  }
  return output;
}

describe("convolve", () => {
  test("is the sum of products at every place, the kernel not turned round", () => {
    const input = Array.from({ length: 5 }, (_, y) =>
      Array.from({ length: 7 }, (_, x) => ((y * 7 + x * x) % 11) - 3),
    );
    for (const kernel of [edge, [[2]], [[1, 2, -3, 4]], [[1], [0], [-2]]]) {
      assert.deepEqual(convolve(input, kernel), byDefinition(input, kernel));
    }
  });

  test("refuses rows of unequal length and a kernel larger than the input", () => {
    assert.throws(() => convolve([[1, 2], [3]], [[1]]), {
      message:
        "Expected `input` to be rows of numbers of equal length, received lengths 2, 1",
    });
    assert.throws(() => convolve([[1, 2]], []), {
      message:
        "Expected `kernel` to be rows of numbers of equal length, received lengths none",
    });
    assert.throws(() => convolve([[1, 2]], edge), {
      message: "Expected a kernel of at most 1 x 2, received 3 x 3",
    });
  });
});

describe("convolutionPlot", () => {
  const input = Array.from({ length: 6 }, () => [0, 0, 0, 9, 9, 9]);
  const figure = convolutionPlot(input, edge);
  const grids = figure.data as unknown as {
    x: number[];
    y: number[];
    z: number[][];
  }[];

  test("shows input, kernel and output, in this order and side by side", () => {
    assert.deepEqual(
      grids.map(({ z }) => z),
      [input, edge, byDefinition(input, edge)],
    );
    for (const [index, { x, y, z }] of grids.entries()) {
      assert.equal(y.length, z.length);
      assert.equal(x.length, z[0]!.length);
      const before = grids[index - 1];
      if (before) assert.ok(x[0]! > before.x.at(-1)! + 1);
    }
    assert.match(figure.toString(), /^output:\n +0 +27 +27 +0$/m);
  });

  test("frames the place of the kernel with the strongest number, and that number", () => {
    const frames = figure.layout
      .shapes!.filter(({ layer }) => layer !== "below")
      .map(({ x0, x1, y0, y1 }) => [x0, x1, y0, y1].map(Number));
    const left = grids[2]!.x[0]! - 0.5;
    assert.deepEqual(frames, [
      [1, 4, 0, 3],
      [left + 1, left + 2, 1, 2],
    ]);
  });
});
