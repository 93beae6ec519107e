/**
 * Convolutions of two dimensions and their gradients.
 */
import { behind } from "./behind";
import { NotNative, type Lowering } from "./lowering";
import { sizeOf, type StepNode, type Value } from "./values";
import { windowOf, type Sides } from "./window";

/** The integers of a convolution that every one of its instructions has. */
function convolutionIntegers(
  node: StepNode,
  image: readonly number[],
  kernel: readonly number[],
  result: readonly number[],
  hasBackData: boolean,
): number[] {
  const [input, output] = [image as Sides, result as Sides];
  const size = [kernel[0]!, kernel[1]!] as const;
  const { strides, padding } = windowOf(node, input, output, size);
  return [
    ...kernel,
    ...strides,
    ...padding,
    ...[input[1], input[2], output[1], output[2]],
    Number(hasBackData),
  ];
}

/** Weights from which on they are too many for a core's cache, so that each group of samples fetches them again; and the samples it then has. */
const largeWeights = 100_000;
const samplesForLarge = 4;

/** A convolution, with its bias and ReLU. */
export function lowerConvolution(lowering: Lowering, node: StepNode): void {
  const { writer } = lowering;
  const [image, kernel] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const { bias, relu, last } = behind(lowering, result);
  if (sizeOf(kernel.shape) >= largeWeights) {
    writer.leastInGroup = samplesForLarge;
  }
  const hasBackData = lowering
    .usersOf(kernel)
    .some(({ name }) => name === "Conv2DBackpropInput");
  const shapes = [image.shape, kernel.shape, result.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, hasBackData);
  const packed = lowering.derived(kernel, `packed ${String(integers)}`, () =>
    writer.shared("packConvolution", 1, [lowering.shared(kernel)], {
      integers,
    }),
  );
  const inputs = [
    lowering.raw(image),
    packed,
    bias ? lowering.shared(bias) : packed,
  ];
  if (inputs[0]!.domain !== "rows") {
    throw new NotNative("a convolution of something that samples share");
  }
  const size = lowering.rowSize(result);
  const location = writer.rows(
    "convolution",
    size,
    inputs,
    {
      integers: [...integers, Number(bias !== undefined), Number(relu)],
    },
    [writer.scratch],
  );
  lowering.put(last, location);
}

/** The gradient of a convolution's input. */
export function lowerConvolutionBackData(
  lowering: Lowering,
  node: StepNode,
): void {
  const { writer } = lowering;
  const [, kernel, gradient] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [result.shape, kernel.shape, gradient.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, true);
  const packed = lowering.derived(kernel, `turned ${String(integers)}`, () =>
    writer.shared("packConvolutionBack", 1, [lowering.shared(kernel)], {
      integers,
    }),
  );
  lowering.put(
    result,
    writer.rows(
      "convolutionBackData",
      lowering.rowSize(result),
      [lowering.rows(gradient), packed],
      { integers },
      [writer.scratch],
    ),
  );
}

/** The gradient of a convolution's weights. */
export function lowerConvolutionBackWeights(
  lowering: Lowering,
  node: StepNode,
): void {
  const { writer } = lowering;
  const [image, , gradient] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [image.shape, result.shape, gradient.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, false);
  const size = sizeOf(result.shape);
  const sums = writer.sums(
    "convolutionBackWeights",
    size,
    [lowering.raw(image), lowering.rows(gradient)],
    { integers },
    [writer.scratch],
  );
  lowering.put(
    result,
    writer.shared("finishConvolution", size, [sums], { integers }),
  );
}
