/**
 * Lowers max pooling, average pooling and their gradients.
 */
import { NotNative, type Lowering } from "./lowering";
import { attributeOf, type StepNode, type Value } from "./values";
import { windowOf, type Sides } from "./window";

function poolIntegers(
  node: StepNode,
  image: readonly number[],
  result: readonly number[],
): number[] {
  const [input, output] = [image as Sides, result as Sides];
  const sizes = attributeOf<number[]>(node, "ksize");
  const size = [sizes[1]!, sizes[2]!] as const;
  const { strides, padding } = windowOf(node, input, output, size);
  if (size[0] * size[1] > 256)
    throw new NotNative("a pooling window of more than 256 elements");
  return [
    ...[input[1], input[2], output[1], output[2]],
    ...size,
    ...strides,
    ...padding,
    input[3],
  ];
}

/** Returns the shape of the part of an image that is computed. */
function shapeOf(lowering: Lowering, image: Value): readonly number[] {
  return lowering.parts.get(image.data) ?? image.shape;
}

/** Lowers max pooling. The positions of the maxima are kept if the step has the gradient. */
export function lowerPool(lowering: Lowering, node: StepNode): void {
  const [image] = node.inputs as [Value];
  const [result] = node.outputs as [Value];
  const size = lowering.rowSize(result);
  const integers = poolIntegers(node, shapeOf(lowering, image), result.shape);
  const hasGradient = lowering
    .usersOf(result)
    .some(({ name }) => name === "MaxPoolGrad");
  const bytes = Math.ceil(size / 4);
  const [pooled, places] = lowering.writer.severalRows(
    "pool",
    hasGradient ? [size, bytes] : [size],
    [lowering.rows(image)],
    { integers: [...integers, Number(hasGradient)] },
  );
  lowering.put(result, pooled!);
  if (places) lowering.derived(result, "places", () => places);
}

/** Lowers the gradient of max pooling, together with the gradient of a preceding ReLU. */
export function lowerPoolBack(lowering: Lowering, node: StepNode): void {
  const [image, result, gradient] = node.inputs as [Value, Value, Value];
  let [output] = node.outputs as [Value];
  const integers = poolIntegers(node, image.shape, result.shape);
  const relu = lowering.onlyUser(output, "ReluGrad");
  const isRelu =
    relu?.inputs[1]?.data === image.data &&
    image.data.kind === "output" &&
    image.data.node.name === "Relu";
  if (isRelu) {
    output = relu.outputs[0]!;
    lowering.finish(relu);
  }
  const places = lowering.derived(result, "places", () => {
    throw new NotNative(
      "the gradient of a pooling that is not part of the step",
    );
  });
  const inputs = [lowering.rows(gradient), places, lowering.rows(result)];
  lowering.put(
    output,
    lowering.writer.rows("poolBack", lowering.rowSize(output), inputs, {
      integers: [...integers, Number(isRelu)],
    }),
  );
}

/** Lowers average pooling. */
export function lowerMeanPool(lowering: Lowering, node: StepNode): void {
  const [image] = node.inputs as [Value];
  const [result] = node.outputs as [Value];
  const integers = poolIntegers(node, shapeOf(lowering, image), result.shape);
  putRows(lowering, "poolMean", image, result, integers);
}

/** Lowers the gradient of average pooling. */
export function lowerMeanPoolBack(lowering: Lowering, node: StepNode): void {
  const [, gradient] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const integers = poolIntegers(node, result.shape, gradient.shape);
  putRows(lowering, "poolMeanBack", gradient, result, integers);
}

function putRows(
  lowering: Lowering,
  name: "poolMean" | "poolMeanBack",
  input: Value,
  result: Value,
  integers: readonly number[],
): void {
  const inputs = [lowering.rows(input)];
  const size = lowering.rowSize(result);
  lowering.put(result, lowering.writer.rows(name, size, inputs, { integers }));
}
