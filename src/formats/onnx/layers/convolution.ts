/**
 * Convolutions: plain, depthwise and separable.
 */
import { int, ints, type Weight } from "../graph";
import { type LayerCall, unsupported, writer } from "../layer-writer";
import { activate, type Activation } from "./activations";
import {
  channelsOf,
  type DataFormat,
  imagesOf,
  imagesValue,
  lengthsOf,
} from "./images";
import { paddingOf, type Window } from "./padding";

/** The fields that all convolutions of TensorFlow.js have. */
export interface Convolution {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: Window["padding"];
  readonly dataFormat: DataFormat;
  readonly bias: Weight | null;
  readonly activation: Activation | null;
}

interface PlainConvolution extends Convolution {
  readonly kernel: Weight;
}

interface DepthwiseConvolution extends Convolution {
  readonly depthwiseKernel: Weight;
  readonly depthMultiplier: number;
}

interface SeparableConvolution extends DepthwiseConvolution {
  readonly pointwiseKernel: Weight;
}

/** `Conv1D`, `Conv2D` and `Conv3D`. */
export const convolution = writer<PlainConvolution>((call) => {
  const { graph, layer, inputs, shapes } = call;
  const { dataFormat } = layer;
  const rank = layer.kernelSize.length;
  if (rank === 1 && dataFormat === "channelsFirst") {
    throw unsupported(layer, "channels last", "`dataFormat` channelsFirst");
  }
  const axes = layer.kernelSize.map((_, axis) => axis);
  const kernel = graph.weight("kernel", layer.kernel, {
    order: [rank + 1, rank, ...axes],
  });
  const input = imagesOf(inputs[0].asFloat, dataFormat);
  const output = convolve(call, input, kernel, 1, layer.dilationRate);
  const value = imagesValue(graph, output, shapes[0], dataFormat);
  return activate(layer, layer.activation, value);
});

/** `DepthwiseConv2D` of TensorFlow.js, which ignores its dilation rate. */
export const depthwiseConvolution = writer<DepthwiseConvolution>((call) =>
  depthwise(call, [1, 1]),
);

/** `DepthwiseConv2D` of Keras. */
export const dilatedDepthwiseConvolution = writer<DepthwiseConvolution>(
  (call) => depthwise(call, call.layer.dilationRate),
);

function depthwise(
  call: LayerCall<DepthwiseConvolution>,
  dilations: readonly number[],
) {
  const { graph, layer, inputs, shapes } = call;
  const { dataFormat } = layer;
  const channels = channelsOf(inputs[0].shape, dataFormat);
  const input = imagesOf(inputs[0].asFloat, dataFormat);
  const kernel = depthwiseKernel(call, channels);
  const output = convolve(call, input, kernel, channels, dilations);
  const value = imagesValue(graph, output, shapes[0], dataFormat);
  return activate(layer, layer.activation, value);
}

/** `SeparableConv2D`. */
export const separableConvolution = writer<SeparableConvolution>((call) => {
  const { graph, layer, inputs, shapes } = call;
  // With channels first, TensorFlow.js adds the bias along another axis.
  if (layer.dataFormat === "channelsFirst") {
    throw unsupported(layer, "channels last", "`dataFormat` channelsFirst");
  }
  const channels = channelsOf(inputs[0].shape, layer.dataFormat);
  const middle = convolve(
    { ...call, layer: withoutBias(layer) },
    imagesOf(inputs[0].asFloat, layer.dataFormat),
    depthwiseKernel(call, channels),
    channels,
    layer.dilationRate,
  );
  const kernel = graph.weight("pointwise_kernel", layer.pointwiseKernel, {
    order: [3, 2, 0, 1],
  });
  const output = graph.add("Conv", [middle, kernel, ...biasOf(call)], {
    kernel_shape: ints([1, 1]),
  });
  const value = imagesValue(graph, output, shapes[0], layer.dataFormat);
  return activate(layer, layer.activation, value);
});

function withoutBias<Layer extends object>(layer: Layer): Layer {
  return Object.create(layer, { bias: { value: null } }) as Layer;
}

/** A depthwise kernel (height, width, in, multiplier) as (in · multiplier, 1, height, width). */
function depthwiseKernel(
  { graph, layer }: LayerCall<DepthwiseConvolution>,
  channels: number,
): string {
  return graph.weight("depthwise_kernel", layer.depthwiseKernel, {
    order: [2, 3, 0, 1],
    shape: [channels * layer.depthMultiplier, 1, ...layer.kernelSize],
  });
}

/** Returns the bias as an operator's last input, if the layer has one. */
export function biasOf({
  graph,
  layer,
}: LayerCall<Pick<Convolution, "bias">>): string[] {
  return layer.bias ? [graph.weight("bias", layer.bias)] : [];
}

/** Adds the operator of a convolution on images with channels first. */
function convolve(
  call: LayerCall<Convolution>,
  input: string,
  kernel: string,
  groups: number,
  dilations: readonly number[],
): string {
  const { graph, layer, inputs } = call;
  const { dataFormat, kernelSize: size, padding, strides } = layer;
  const lengths = lengthsOf(inputs[0].shape, dataFormat);
  return graph.add("Conv", [input, kernel, ...biasOf(call)], {
    kernel_shape: ints(size),
    strides: ints(strides),
    dilations: ints(dilations),
    group: int(groups),
    ...paddingOf(layer, { padding, size, strides, dilations }, lengths),
  });
}
