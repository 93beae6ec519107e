/**
 * Convolutions of small images, compared with the explicit sum, and with Keras for strides and
 * padding.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { convolve, marginsOf } from "../../src/plots/convolve";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";

const edge = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];

/** The definition, in four loops. */
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
  test("is the sum of products at every position, without flipping the kernel", () => {
    const input = Array.from({ length: 5 }, (_, y) =>
      Array.from({ length: 7 }, (_, x) => ((y * 7 + x * x) % 11) - 3),
    );
    for (const kernel of [edge, [[2]], [[1, 2, -3, 4]], [[1], [0], [-2]]]) {
      assert.deepEqual(convolve(input, kernel), byDefinition(input, kernel));
    }
  });

  test("rejects rows of unequal length and a kernel larger than the input", () => {
    assert.throws(
      () => convolve([[1, 2], [3]], [[1]]),
      errorWith("ERR_SHAPE", "`input`", "received lengths 2, 1"),
    );
    assert.throws(
      () => convolve([[1, 2]], []),
      errorWith("ERR_SHAPE", "`kernel`", "received lengths none"),
    );
    assert.throws(
      () => convolve([[1, NaN]], [[1]]),
      errorWith("ERR_NOT_FINITE", "`input`", "received NaN"),
    );
    assert.throws(
      () => convolve([[1]], [[Infinity]]),
      errorWith("ERR_NOT_FINITE", "`kernel`", "received Infinity"),
    );
    assert.throws(
      () => convolve([[1, 2]], edge),
      errorWith("ERR_SHAPE", "at most 1 x 2", "received 3 x 3"),
    );
  });

  test("leaks no tensors", () => {
    const before = tf.memory().numTensors;
    convolve(edge, edge, { padding: "same" });
    assert.equal(tf.memory().numTensors, before);
  });
});

describe("convolve with stride and padding", () => {
  const input = Array.from({ length: 6 }, (_, y) =>
    Array.from({ length: 7 }, (_, x) => ((y * 7 + x * x) % 11) - 3),
  );
  const kernel = [
    [1, 2, -1],
    [0, -3, 4],
  ];

  test("equals Keras's layer", async (context) => {
    const settings = [1, 2, 3].flatMap((stride) =>
      (["valid", "same"] as const).map((padding) => ({ stride, padding })),
    );
    const expected = await runKeras<number[][][]>(
      context,
      `
import numpy as np
x = np.array(given["input"], "float32")[None, :, :, None]
w = np.array(given["kernel"], "float32")[:, :, None, None]
maps = [keras.ops.conv(x, w, strides=setting["stride"], padding=setting["padding"]) for setting in given["settings"]]
result = [keras.ops.convert_to_numpy(y)[0, :, :, 0].tolist() for y in maps]`,
      { input, kernel, settings },
    );
    if (expected === undefined) return;
    assert.deepEqual(
      settings.map((setting) => convolve(input, kernel, setting)),
      expected,
    );
  });

  test("pads only as much as the last kernel position needs", () => {
    for (const stride of [1, 2, 3]) {
      const { top, bottom, left, right } = marginsOf(input, kernel, {
        stride,
        padding: "same",
      });
      const padded = [
        ...Array.from({ length: top }, () => new Array<number>(7).fill(0)),
        ...input,
        ...Array.from({ length: bottom }, () => new Array<number>(7).fill(0)),
      ].map((row) => [
        ...new Array<number>(left).fill(0),
        ...row,
        ...new Array<number>(right).fill(0),
      ]);
      assert.deepEqual(
        convolve(padded, kernel, { stride }),
        convolve(input, kernel, { stride, padding: "same" }),
      );
    }
    assert.deepEqual(marginsOf(input, kernel), {
      top: 0,
      bottom: 0,
      left: 0,
      right: 0,
    });
  });

  test("rejects invalid strides and paddings", () => {
    assert.throws(
      () => convolve(input, kernel, { stride: 0 }),
      errorWith(
        "ERR_INVALID_VALUE",
        "`stride`",
        "positive integer",
        "received 0",
      ),
    );
    assert.throws(
      () => convolve(input, kernel, { padding: "full" as "same" }),
      errorWith(
        "ERR_INVALID_VALUE",
        "`padding`",
        '"valid" or "same"',
        'received "full"',
      ),
    );
  });

  test("validates matrices before computing the padding", () => {
    assert.throws(
      () => marginsOf([], kernel),
      errorWith("ERR_SHAPE", "`input`", "received lengths none"),
    );
    assert.throws(
      () => marginsOf(input, [[1], [1, 2]]),
      errorWith("ERR_SHAPE", "`kernel`", "received lengths 1, 2"),
    );
  });
});
