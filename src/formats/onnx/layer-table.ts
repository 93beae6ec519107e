/**
 * The layers that can be written, by their class names in TensorFlow.js.
 */
import * as advanced from "./layers/advanced-activations";
import { activationLayer } from "./layers/activations";
import * as arrangement from "./layers/arrangement";
import * as convolution from "./layers/convolution";
import { dense, embedding } from "./layers/dense";
import { dot } from "./layers/dot";
import * as merging from "./layers/merging";
import * as normalization from "./layers/normalization";
import * as pooling from "./layers/pooling";
import * as preprocessing from "./layers/preprocessing";
import { recurrent } from "./layers/recurrent";
import * as resampling from "./layers/resampling";
import { transposedConvolution } from "./layers/transposed-convolution";
import { bidirectional, timeDistributed } from "./layers/wrappers";
import type { LayerWriter } from "./layer-writer";

/** Writers of the layers; names with the prefix "Keras" are those of `convnotes/keras`. */
export const layerWriters: Readonly<Record<string, LayerWriter>> = {
  Activation: activationLayer,
  Add: merging.add,
  AlphaDropout: arrangement.identity,
  Average: merging.average,
  AveragePooling1D: pooling.averagePooling,
  AveragePooling2D: pooling.averagePooling,
  AveragePooling3D: pooling.averagePooling,
  BatchNormalization: normalization.batchNormalization,
  Bidirectional: bidirectional,
  Concatenate: merging.concatenate,
  Conv1D: convolution.convolution,
  Conv2D: convolution.convolution,
  Conv2DTranspose: transposedConvolution,
  Conv3D: convolution.convolution,
  Conv3DTranspose: transposedConvolution,
  Cropping2D: arrangement.cropping,
  Dense: dense,
  DepthwiseConv2D: convolution.depthwiseConvolution,
  Dot: dot,
  Dropout: arrangement.identity,
  ELU: advanced.elu,
  Embedding: embedding,
  Flatten: arrangement.flatten,
  GRU: recurrent,
  GaussianDropout: arrangement.identity,
  GaussianNoise: arrangement.identity,
  GlobalAveragePooling1D: pooling.globalAveragePooling,
  GlobalAveragePooling2D: pooling.globalAveragePooling,
  GlobalMaxPooling1D: pooling.globalMaxPooling,
  GlobalMaxPooling2D: pooling.globalMaxPooling,
  KerasAlphaDropout: arrangement.identity,
  KerasBatchNormalization: normalization.batchNormalization,
  KerasCategoryEncoding: preprocessing.categoryEncoding,
  KerasCenterCrop: resampling.centerCrop,
  KerasConv1D: convolution.convolution,
  KerasConv2D: convolution.convolution,
  KerasConv3D: convolution.convolution,
  KerasConv3DTranspose: transposedConvolution,
  KerasDepthwiseConv2D: convolution.dilatedDepthwiseConvolution,
  KerasELU: advanced.elu,
  KerasGRU: recurrent,
  KerasLayerNormalization: normalization.layerNormalization,
  KerasResizing: resampling.kerasResizing,
  KerasSeparableConv2D: convolution.separableConvolution,
  KerasSoftmax: advanced.softmax,
  KerasThresholdedReLU: advanced.thresholdedReLU,
  KerasUpSampling2D: resampling.kerasUpSampling,
  LSTM: recurrent,
  LayerNormalization: normalization.layerNormalization,
  LeakyReLU: advanced.leakyReLU,
  MaxPooling1D: pooling.maxPooling,
  MaxPooling2D: pooling.maxPooling,
  MaxPooling3D: pooling.maxPooling,
  Maximum: merging.maximum,
  Minimum: merging.minimum,
  Multiply: merging.multiply,
  PReLU: advanced.pReLU,
  Permute: arrangement.permute,
  RNN: recurrent,
  RandomFlip: arrangement.identity,
  RandomShift: arrangement.identity,
  ReLU: advanced.reLU,
  RepeatVector: arrangement.repeatVector,
  Rescaling: preprocessing.rescaling,
  Reshape: arrangement.reshape,
  SeparableConv2D: convolution.separableConvolution,
  SimpleRNN: recurrent,
  Softmax: advanced.softmax,
  SpatialDropout1D: arrangement.identity,
  ThresholdedReLU: advanced.thresholdedReLU,
  TimeDistributed: timeDistributed,
  UpSampling2D: resampling.tfjsUpSampling,
  ZeroPadding2D: arrangement.zeroPadding,
};
