/**
 * Shape inference for convolutions, pooling, matrix products and batch normalization.
 */
import {
  all,
  areFloats,
  broadcast,
  kind,
  integersOf,
  type Call,
  type KnownInput,
  type Rule,
  type Rules,
  type Shape,
} from "./rule";
import type { TensorKind } from "../recording/recording";

/**
 * Returns the number of positions of a window of `size` pixels, `dilation` apart, that moves by
 * `stride`: TensorFlow's rule for SAME and VALID (`tf.nn.convolution`).
 */
function positionsAlong(
  side: number,
  size: number,
  stride: number,
  dilation: number,
  padding: "SAME" | "VALID",
): number {
  if (padding === "SAME") return Math.ceil(side / stride);
  return Math.ceil((side - (size - 1) * dilation) / stride);
}

/** Returns height and width after moving a window over an image; undefined for explicit padding. */
function windowed(
  { attribute }: Call,
  [, height, width]: Shape,
  [windowHeight, windowWidth]: Shape,
): Shape | undefined {
  const padding = attribute("padding");
  if (attribute("data_format") !== "NHWC") return undefined;
  if (padding !== "SAME" && padding !== "VALID") return undefined;
  const strides = attribute("strides") as Shape;
  const dilations = (attribute("dilations") ?? [1, 1, 1, 1]) as Shape;
  const sides = [
    positionsAlong(height!, windowHeight!, strides[1]!, dilations[1]!, padding),
    positionsAlong(width!, windowWidth!, strides[2]!, dilations[2]!, padding),
  ];
  return sides.every((side) => side > 0) ? sides : undefined;
}

const pooling: Rule = (call) => {
  const [x] = call.inputs;
  const size = call.attribute("ksize") as Shape;
  if (x!.shape.length !== 4 || !areFloats(call.inputs)) return undefined;
  const sides = windowed(call, x!.shape, size.slice(1, 3));
  const [samples, , , channels] = x!.shape;
  return sides && kind("float32", [samples!, ...sides, channels!]);
};

/** `isDepthwise`: the filter's last dimension is the number of outputs per channel. */
const convolution =
  (isDepthwise: boolean): Rule =>
  (call) => {
    const [x, filter] = call.inputs;
    const [samples, , , channels] = x!.shape;
    const [, , from, to] = filter!.shape;
    const fits = x!.shape.length === 4 && filter!.shape.length === 4;
    if (!fits || channels !== from || !areFloats(call.inputs)) return undefined;
    const sides = windowed(call, x!.shape, filter!.shape);
    const last = isDepthwise ? from! * to! : to!;
    return sides && kind("float32", [samples!, ...sides, last]);
  };

/** The shape is given by an input. */
const shapedAs =
  (index: number): Rule =>
  ({ inputs }) =>
    kind("float32", integersOf(inputs[index]));

const product: Rule = ({ inputs: [a, b], attribute }) => {
  const isTurned = (name: string) => Boolean(attribute(name));
  const turned = (shape: Shape, isIt: boolean) =>
    isIt ? [shape.at(-1)!, shape.at(-2)!] : shape.slice(-2);
  if (a!.shape.length < 2 || b!.shape.length < 2) return undefined;
  const [rows, inner] = turned(
    a!.shape,
    isTurned("transpose_a") || isTurned("adj_x"),
  );
  const [same, columns] = turned(
    b!.shape,
    isTurned("transpose_b") || isTurned("adj_y"),
  );
  const outer = broadcast(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  if (inner !== same || outer === undefined) return undefined;
  return areFloats([a!, b!])
    ? kind("float32", [...outer, rows!, columns!])
    : undefined;
};

/** Types and shapes of `count` outputs with one value per channel, such as mean and variance. */
const channels = (x: KnownInput, count: number): TensorKind[] =>
  Array.from({ length: count }, () => ({
    dtype: "float32",
    shape: x.shape.slice(-1),
  }));

const normalization: Rule = ({ inputs, attribute }) =>
  attribute("data_format") === "NHWC" &&
  attribute("is_training") === false &&
  inputs[0]!.shape.length === 4 &&
  areFloats(inputs)
    ? [
        { dtype: "float32", shape: inputs[0]!.shape },
        ...channels(inputs[0]!, 4),
      ]
    : undefined;

const trainedNormalization =
  (isGradient: boolean): Rule =>
  ({ inputs, attribute }) => {
    const [x] = inputs;
    const isKnown =
      attribute("data_format") === "NHWC" &&
      attribute("is_training") === true &&
      x!.shape.length === 4 &&
      areFloats(inputs);
    if (!isKnown) return undefined;
    const unused = { dtype: "float32", shape: isGradient ? [] : [0] } as const;
    const others = isGradient
      ? [...channels(x!, 2), unused, unused]
      : [...channels(x!, 4), unused];
    return [{ dtype: "float32", shape: x!.shape }, ...others];
  };

/** Rules for the operations of layers and their gradients. */
export const layers: Rules = [
  ...all("AvgPool MaxPool", pooling),
  ["AvgPoolGrad", shapedAs(0)],
  ["MaxPoolGrad", ({ inputs: [x] }) => kind("float32", x!.shape)],
  ["Conv2D", convolution(false)],
  ["DepthwiseConv2dNative", convolution(true)],
  ...all("Conv2DBackpropInput DepthwiseConv2dNativeBackpropInput", shapedAs(0)),
  ...all(
    "Conv2DBackpropFilter DepthwiseConv2dNativeBackpropFilter",
    shapedAs(1),
  ),
  ...all("MatMul BatchMatMulV2", product),
  ["FusedBatchNorm", normalization],
  ["FusedBatchNormV3", trainedNormalization(false)],
  ["FusedBatchNormGradV3", trainedNormalization(true)],
];
