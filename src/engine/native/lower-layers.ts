/**
 * Lowers the operations of layers by their TensorFlow names.
 */
import {
  lowerConvolution,
  lowerConvolutionBackData,
  lowerConvolutionBackWeights,
} from "./lower-convolution";
import { lowerProduct } from "./lower-dense";
import {
  lowerDepthwise,
  lowerDepthwiseBackData,
  lowerDepthwiseBackWeights,
} from "./lower-depthwise";
import {
  lowerNormalization,
  lowerNormalizationBack,
} from "./lower-normalization";
import {
  lowerMeanPool,
  lowerMeanPoolBack,
  lowerPool,
  lowerPoolBack,
} from "./lower-pooling";
import {
  lowerConcatenation,
  lowerPadding,
  lowerSlice,
  lowerSplit,
  lowerTile,
  lowerTransposition,
} from "./lower-rearranged";
import type { Lowering } from "./lowering";
import type { StepNode } from "./values";

type Lower = (lowering: Lowering, node: StepNode) => void;

const families: Readonly<Record<string, Lower>> = {
  Conv2D: lowerConvolution,
  Conv2DBackpropInput: lowerConvolutionBackData,
  Conv2DBackpropFilter: lowerConvolutionBackWeights,
  DepthwiseConv2dNative: lowerDepthwise,
  DepthwiseConv2dNativeBackpropInput: lowerDepthwiseBackData,
  DepthwiseConv2dNativeBackpropFilter: lowerDepthwiseBackWeights,
  MaxPool: lowerPool,
  MaxPoolGrad: lowerPoolBack,
  AvgPool: lowerMeanPool,
  AvgPoolGrad: lowerMeanPoolBack,
  MatMul: lowerProduct,
  BatchMatMulV2: lowerProduct,
  FusedBatchNorm: lowerNormalization,
  FusedBatchNormV3: lowerNormalization,
  FusedBatchNormGradV3: lowerNormalizationBack,
  ConcatV2: lowerConcatenation,
  Slice: lowerSlice,
  SplitV: lowerSplit,
  Pad: lowerPadding,
  PadV2: lowerPadding,
  Tile: lowerTile,
  Transpose: lowerTransposition,
};

/** Lowers a node of this family. Returns false for other nodes. */
export function lowerLayers(lowering: Lowering, node: StepNode): boolean {
  const lower = families[node.name];
  lower?.(lowering, node);
  return lower !== undefined;
}
