/**
 * Reads the strides and padding of convolutions and poolings.
 */
import { NotNative } from "./lowering";
import { attributeOf, type StepNode } from "./values";

/** Dimensions of a batch of images. */
export type Sides = [
  n: number,
  height: number,
  width: number,
  channels: number,
];

/** Strides and padding of a window. */
interface Window {
  readonly strides: readonly [number, number];
  /** Padding above and to the left. */
  readonly padding: readonly [number, number];
}

/** Returns the strides and padding of a convolution or pooling with a window of this size. */
export function windowOf(
  node: StepNode,
  input: Sides,
  output: Sides,
  size: readonly [number, number],
): Window {
  const strides = attributeOf<number[]>(node, "strides");
  const format = attributeOf<string>(node, "data_format");
  const dilations = attributeOf<number[] | undefined>(node, "dilations");
  const padding = attributeOf<string>(node, "padding");
  if (format !== "NHWC" || (dilations ?? []).some((each) => each !== 1)) {
    throw new NotNative("a window is dilated, or channels come first");
  }
  const before = (axis: 1 | 2) => {
    if (padding === "VALID") return 0;
    if (padding !== "SAME") throw new NotNative(`padding is ${padding}`);
    const needed =
      (output[axis] - 1) * strides[axis]! + size[axis - 1]! - input[axis];
    return Math.max(0, needed) >> 1;
  };
  return {
    strides: [strides[1]!, strides[2]!],
    padding: [before(1), before(2)],
  };
}
