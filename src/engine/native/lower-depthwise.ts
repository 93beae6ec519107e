/**
 * Lowers depthwise convolutions and their gradients.
 */
import { fuseBiasAndRelu } from "./bias-and-relu";
import type { Lowering } from "./lowering";
import type { Location } from "./location";
import { sizeOf, type StepNode, type Value } from "./values";
import { windowOf, type Sides } from "./window";

/**
 * Returns the row stride of values that are read in whole vectors: a multiple of the widest vector.
 */
function widthOf(columns: number): number {
  return Math.ceil(columns / 16) * 16;
}

/** Returns the integer operands that all instructions of a depthwise convolution share. */
function depthwiseIntegers(
  node: StepNode,
  image: readonly number[],
  kernel: readonly number[],
  result: readonly number[],
): number[] {
  const [input, output] = [image as Sides, result as Sides];
  const [height, width, channels, multiplier] = kernel as Sides;
  const size = [height, width] as const;
  const { strides, padding } = windowOf(node, input, output, size);
  return [
    ...[input[1], input[2], output[1], output[2]],
    ...size,
    ...strides,
    ...padding,
    ...[channels, multiplier, widthOf(channels * multiplier)],
  ];
}

/** Returns a shared value with its rows padded so that they can be read in whole vectors. */
function widened(lowering: Lowering, value: Value, columns: number): Location {
  const width = widthOf(columns);
  const rows = sizeOf(value.shape) / columns;
  if (width === columns) return lowering.shared(value);
  return lowering.derived(value, `${rows} rows widened`, () =>
    lowering.writer.shared("widen", rows * width, [lowering.shared(value)], {
      integers: [rows, columns, width],
    }),
  );
}

/** Lowers a depthwise convolution, together with its bias and ReLU. */
export function lowerDepthwise(lowering: Lowering, node: StepNode): void {
  const { writer } = lowering;
  const [image, kernel] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [image.shape, kernel.shape, result.shape] as const;
  const integers = depthwiseIntegers(node, ...shapes);
  const channels = result.shape.at(-1)!;
  const { bias, relu, last } = fuseBiasAndRelu(lowering, result);
  const weights = widened(lowering, kernel, channels);
  const inputs = [
    lowering.rows(image),
    weights,
    bias ? widened(lowering, bias, channels) : weights,
  ];
  const location = writer.rows(
    "depthwise",
    lowering.rowSize(result),
    inputs,
    { integers: [...integers, Number(bias !== undefined), Number(relu)] },
    [writer.scratch],
  );
  lowering.put(last, location);
}

/** Lowers the gradient of a depthwise convolution's input. */
export function lowerDepthwiseBackData(
  lowering: Lowering,
  node: StepNode,
): void {
  const { writer } = lowering;
  const [, kernel, gradient] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [result.shape, kernel.shape, gradient.shape] as const;
  const integers = depthwiseIntegers(node, ...shapes);
  const weights = widened(lowering, kernel, gradient.shape.at(-1)!);
  const location = writer.rows(
    "depthwiseBackData",
    lowering.rowSize(result),
    [lowering.rows(gradient), weights],
    { integers },
    [writer.scratch],
  );
  lowering.put(result, location);
}

/** Lowers the gradient of a depthwise convolution's weights. */
export function lowerDepthwiseBackWeights(
  lowering: Lowering,
  node: StepNode,
): void {
  const { writer } = lowering;
  const [image, , gradient] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [image.shape, result.shape, gradient.shape] as const;
  const integers = depthwiseIntegers(node, ...shapes);
  const sums = writer.sums(
    "depthwiseBackWeights",
    sizeOf(result.shape),
    [lowering.rows(image), lowering.rows(gradient)],
    { integers },
    [writer.scratch],
  );
  lowering.put(result, sums);
}
