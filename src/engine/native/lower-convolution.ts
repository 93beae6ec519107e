/**
 * Lowers two-dimensional convolutions and their gradients.
 */
import { fuseBiasAndRelu } from "./bias-and-relu";
import { foldNormalization } from "./fold-normalization";
import { NotNative, type Lowering } from "./lowering";
import type { Location } from "./location";
import { ownPooling, shapeRead } from "./pooled-part";
import { sizeOf, type StepNode, type Value } from "./values";
import { windowOf, type Sides } from "./window";

/**
 * Returns the integer operands that all instructions of a convolution share.
 *
 * @param part The shape of the part of the result that is computed, and whether it is pooled.
 */
function convolutionIntegers(
  node: StepNode,
  image: readonly number[],
  kernel: readonly number[],
  result: readonly number[],
  hasBackData: boolean,
  { part = result, isPooled = false } = {},
): number[] {
  const [input, output] = [image as Sides, result as Sides];
  const size = [kernel[0]!, kernel[1]!] as const;
  const { strides, padding } = windowOf(node, input, output, size);
  return [
    ...kernel,
    ...strides,
    ...padding,
    ...[input[1], input[2], part[1]!, part[2]!],
    Number(hasBackData),
    Number(isPooled),
  ];
}

/**
 * From this number of weights on, they do not fit a core's cache, and each group of samples reads
 * them again.
 */
const largeWeights = 100_000;
/** Minimum samples in a group if the weights are large. */
const minSamplesForLarge = 4;

/** Lowers a convolution, together with its bias, a known normalization, its ReLU and pooling. */
export function lowerConvolution(lowering: Lowering, node: StepNode): void {
  const { writer } = lowering;
  const [image, kernel] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const fused = fuseBiasAndRelu(lowering, result);
  const { bias } = fused;
  const folded = fused.relu
    ? undefined
    : foldNormalization(lowering, kernel, bias, fused.last);
  const { relu, last } = folded ?? fused;
  if (sizeOf(kernel.shape) >= largeWeights) {
    writer.minSamplesPerGroup = minSamplesForLarge;
  }
  const hasBackData = lowering
    .usersOf(kernel)
    .some(({ name }) => name === "Conv2DBackpropInput");
  // In the convolution's shape: a reshape may come before the ReLU or the normalization.
  const outputs = { ...last, shape: result.shape };
  const part = shapeRead(lowering, outputs);
  if (part !== outputs.shape) lowering.parts.set(last.data, part);
  const pool = ownPooling(lowering, outputs, kernel);
  if (pool) lowering.finish(pool);
  const pooled = pool?.outputs[0];
  const shapes = [image.shape, kernel.shape, result.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, hasBackData, {
    part,
    isPooled: pooled !== undefined,
  });
  const pack = (weights: Location) =>
    writer.shared("packConvolution", 1, [weights], { integers });
  const packed = folded
    ? pack(folded.kernel)
    : lowering.derived(kernel, `packed ${String(integers)}`, () =>
        pack(lowering.shared(kernel)),
      );
  const added = folded?.bias ?? (bias && lowering.shared(bias));
  const inputs = [lowering.raw(image), packed, added ?? packed];
  if (inputs[0]!.domain !== "rows") {
    throw new NotNative(
      "the input of a convolution is the same for all samples",
    );
  }
  const location = writer.rows(
    "convolution",
    lowering.rowSize(pooled ?? { ...result, shape: part }),
    inputs,
    {
      integers: [...integers, Number(added !== undefined), Number(relu)],
    },
    [writer.scratch],
  );
  lowering.put(pooled ?? last, location);
}

/** Lowers the gradient of a convolution's input. */
export function lowerConvolutionBackData(
  lowering: Lowering,
  node: StepNode,
): void {
  const { writer } = lowering;
  const [, kernel, gradient] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [result.shape, kernel.shape, gradient.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, true);
  const packed = lowering.derived(
    kernel,
    `packed back ${String(integers)}`,
    () =>
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

/** Lowers the gradient of a convolution's weights. */
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
