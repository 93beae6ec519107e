/**
 * Tests native 2D convolutions, in the direct form and in Winograd's: loss and gradients against
 * float64, and equal bits on any number of threads.
 *
 * The largest errors seen are 8e-7, except for Winograd's 5 × 5, and 2e-6 for the graph. Takes
 * about eight seconds.
 */
import { after, describe, test } from "node:test";
import { setEngine, tf } from "../../../src/engine";
import { nativeAddon } from "../../../src/engine/native/addon";
import {
  assertExact,
  assertSameBits,
  describeErrors,
  type Trial,
} from "./layer-trial";
import { stageOf, type WindowShape } from "./plain-stages";

const { reason } = nativeAddon();
const skip = reason ?? false;

after(() => setEngine("on"));

type Row = readonly [
  image: readonly [height: number, width: number],
  kernel: readonly [height: number, width: number],
  strides: readonly [down: number, across: number],
  padding: "same" | "valid",
  channels: number,
  filters: number,
];

/**
 * Every other row has a ReLU after it. Winograd's form is used for 3 × 3 and 5 × 5 kernels with
 * strides of 1 if channels and filters fill whole vectors. Vectors have 4 to 16 elements, so the
 * rows that use it depend on the width.
 */
const rows: readonly Row[] = [
  [[1, 1], [1, 1], [1, 1], "valid", 1, 1],
  [[5, 4], [1, 1], [1, 1], "same", 3, 17],
  [[5, 7], [1, 1], [1, 1], "valid", 64, 100],
  [[7, 6], [1, 1], [2, 2], "same", 16, 32],
  [[6, 5], [3, 3], [1, 1], "same", 1, 16],
  [[6, 5], [3, 3], [1, 1], "valid", 3, 3],
  [[7, 5], [3, 3], [1, 1], "same", 16, 16],
  [[8, 9], [3, 3], [1, 1], "valid", 32, 16],
  [[9, 6], [3, 3], [1, 1], "same", 16, 64],
  [[7, 7], [3, 3], [1, 1], "same", 64, 64],
  [[2, 1], [3, 3], [1, 1], "same", 32, 32],
  [[4, 30], [3, 3], [1, 1], "same", 17, 32],
  [[5, 6], [3, 3], [1, 1], "same", 100, 17],
  [[5, 6], [3, 3], [1, 1], "valid", 32, 100],
  [[9, 8], [3, 3], [2, 2], "same", 64, 32],
  [[9, 8], [3, 3], [2, 2], "valid", 17, 16],
  [[10, 7], [3, 3], [3, 3], "same", 3, 1],
  [[9, 8], [3, 3], [2, 1], "same", 16, 16],
  [[7, 9], [5, 5], [1, 1], "same", 16, 32],
  [[9, 8], [5, 5], [1, 1], "valid", 32, 16],
  [[6, 6], [5, 5], [1, 1], "same", 64, 64],
  [[3, 2], [5, 5], [1, 1], "same", 16, 16],
  [[8, 7], [5, 5], [1, 1], "same", 3, 17],
  [[11, 8], [5, 5], [2, 2], "same", 16, 100],
  [[12, 11], [5, 5], [3, 3], "valid", 17, 3],
  [[5, 8], [2, 4], [1, 1], "same", 32, 17],
  [[5, 8], [2, 4], [1, 1], "valid", 1, 64],
  [[7, 8], [2, 4], [2, 3], "same", 16, 3],
  [[9, 10], [7, 7], [1, 1], "same", 3, 16],
  [[9, 10], [7, 7], [1, 1], "valid", 32, 17],
  [[9, 14], [7, 7], [2, 2], "same", 16, 32],
];

function titleOf([image, kernel, strides, padding, channels, filters]: Row) {
  return `${image.join("×")}×${channels} to ${filters}, kernel ${kernel.join("×")}, strides ${strides.join("×")}, ${padding}`;
}

function convolution(row: Row, hasRelu: boolean): Trial {
  const [[height, width], size, strides, padding, channels, filters] = row;
  const image = [height, width, channels] as const;
  const window: WindowShape = { image, size, strides, padding };
  return {
    image,
    layer: () =>
      tf.layers.conv2d({
        kernelSize: [...size],
        strides: [...strides],
        ...(hasRelu ? { activation: "relu" } : {}),
        ...{ filters, padding },
      }),
    stages: [stageOf(window, filters, "full", { hasBias: true, hasRelu })],
  };
}

/**
 * Returns the allowed error as a multiple of the graph's. Winograd's form for 5 × 5 rounds the
 * gradient of the weights more: up to 6 times, 1.7e-6, were seen.
 */
function timesOf([, [height, width], [down, across]]: Row): number {
  return height * width === 25 && down * across === 1 ? 8 : 3;
}

describe("loss and gradients are as exact as the graph's", { skip }, () => {
  for (const [index, row] of rows.entries()) {
    test(titleOf(row), async (context) => {
      const errors = await assertExact(
        convolution(row, index % 2 > 0),
        timesOf(row),
      );
      context.diagnostic(describeErrors(errors));
    });
  }
  for (const row of [rows[5]!, rows[7]!, rows[11]!, rows[19]!]) {
    test(`as a first layer: ${titleOf(row)}`, async (context) => {
      const trial = { ...convolution(row, false), isFirst: true };
      const errors = await assertExact(trial, timesOf(row));
      context.diagnostic(describeErrors(errors));
    });
  }
});

describe("the bits are the same on 1, 2 and 4 threads", { skip }, () => {
  for (const row of [rows[2]!, rows[9]!, rows[14]!, rows[20]!]) {
    test(titleOf(row), () => assertSameBits(convolution(row, true)));
  }
});
