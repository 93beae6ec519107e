/**
 * Tests native depthwise and separable convolutions: loss and gradients against float64, and equal
 * bits on any number of threads.
 *
 * The largest errors seen are 5e-7, and 8e-7 for the graph. Takes about six seconds.
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
  kernel: number | readonly [number, number],
  stride: number,
  padding: "same" | "valid",
  channels: number,
  multiplier: number,
];

/** Every other row has a ReLU after it. */
const rows: readonly Row[] = [
  [[5, 4], 1, 1, "valid", 3, 1],
  [[5, 4], 1, 1, "same", 17, 2],
  [[6, 7], 1, 2, "same", 8, 3],
  [[7, 6], 2, 1, "same", 1, 1],
  [[7, 6], 2, 1, "valid", 33, 1],
  [[6, 9], 2, 2, "valid", 17, 2],
  [[6, 9], 2, 3, "same", 3, 3],
  [[8, 5], 3, 1, "same", 33, 1],
  [[8, 11], 3, 1, "same", 16, 1],
  [[8, 5], 3, 1, "valid", 8, 2],
  [[5, 30], 3, 1, "same", 17, 3],
  [[9, 6], 3, 2, "same", 17, 1],
  [[9, 6], 3, 2, "valid", 3, 2],
  [[10, 7], 3, 3, "same", 33, 3],
  [[10, 7], 3, 3, "valid", 1, 3],
  [[7, 10], 4, 1, "same", 8, 1],
  [[7, 10], 4, 2, "same", 33, 2],
  [[7, 10], 4, 3, "valid", 17, 1],
  [[9, 8], 5, 1, "same", 17, 1],
  [[2, 3], 5, 1, "same", 3, 2],
  [[9, 8], 5, 1, "valid", 33, 1],
  [[9, 12], 5, 2, "same", 8, 3],
  [[9, 12], 5, 3, "valid", 1, 2],
  [[6, 5], [1, 3], 1, "same", 8, 1],
  [[9, 12], [4, 2], 2, "same", 3, 5],
  [[8, 9], 7, 1, "same", 32, 1],
];

function windowOf(row: Row): WindowShape {
  const [[height, width], kernel, stride, padding, channels] = row;
  return {
    image: [height, width, channels],
    size: typeof kernel === "number" ? [kernel, kernel] : kernel,
    strides: [stride, stride],
    padding,
  };
}

function titleOf([image, kernel, stride, padding, channels, multiplier]: Row) {
  return `${image.join("×")}×${channels}, kernel ${String(kernel)}, stride ${stride}, ${padding}, multiplier ${multiplier}`;
}

function depthwise(row: Row, hasRelu: boolean): Trial {
  const window = windowOf(row);
  const { image, padding } = window;
  const depthMultiplier = row[5];
  const then = { hasBias: true, hasRelu };
  return {
    image,
    layer: () =>
      tf.layers.depthwiseConv2d({
        kernelSize: [...window.size],
        strides: [...window.strides],
        ...(hasRelu ? { activation: "relu" } : {}),
        ...{ padding, depthMultiplier },
      }),
    stages: [stageOf(window, depthMultiplier, "depthwise", then)],
  };
}

function separable(row: Row, filters: number): Trial {
  const window = windowOf(row);
  const { image, padding } = window;
  const depthMultiplier = row[5];
  const bare = { hasBias: false, hasRelu: false };
  const first = stageOf(window, depthMultiplier, "depthwise", bare);
  const pixels: WindowShape = {
    image: first.output,
    size: [1, 1],
    strides: [1, 1],
    padding: "valid",
  };
  const then = { hasBias: true, hasRelu: true };
  return {
    image,
    layer: () =>
      tf.layers.separableConv2d({
        kernelSize: [...window.size],
        strides: [...window.strides],
        activation: "relu",
        ...{ padding, depthMultiplier, filters },
      }),
    stages: [first, stageOf(pixels, filters, "full", then)],
  };
}

describe("loss and gradients are as exact as the graph's", { skip }, () => {
  for (const [index, row] of rows.entries()) {
    test(`depthwise: ${titleOf(row)}`, async (context) => {
      const errors = await assertExact(depthwise(row, index % 2 > 0));
      context.diagnostic(describeErrors(errors));
    });
  }
  for (const [row, filters] of [
    [rows[8]!, 5],
    [rows[9]!, 17],
    [rows[16]!, 32],
  ] as const) {
    test(`separable: ${titleOf(row)} to ${filters}`, async (context) => {
      const errors = await assertExact(separable(row, filters));
      context.diagnostic(describeErrors(errors));
    });
  }
  for (const row of [rows[1]!, rows[3]!]) {
    test(`as a first layer: ${titleOf(row)}`, async (context) => {
      const trial = { ...depthwise(row, false), isFirst: true };
      context.diagnostic(describeErrors(await assertExact(trial)));
    });
  }
});

describe("the bits are the same on 1, 2 and 4 threads", { skip }, () => {
  for (const row of [rows[4]!, rows[16]!]) {
    test(`depthwise: ${titleOf(row)}`, () =>
      assertSameBits(depthwise(row, true)));
    test(`separable: ${titleOf(row)}`, () => assertSameBits(separable(row, 9)));
  }
});
