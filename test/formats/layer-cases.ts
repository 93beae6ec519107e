/**
 * A model for each class of layers that Keras and TensorFlow.js share.
 */
import { tf } from "../../src/engine/tensorflow";
import { randomFlip, randomShift } from "../../src";
import * as keras from "../../src/keras";
import { layerCase, mergeCase, type ModelCase } from "./model-case";

const { layers } = tf;
const image = [6, 5, 2];
const video = [4, 4, 4, 2];
const sequence = [4, 3];
const film = [2, 5, 5, 2];

const random = { trains: false };

const recurrentPenalties = {
  kernelRegularizer: keras.l1l2({ l2: 0.1 }),
  recurrentRegularizer: keras.l1l2({ l1: 0.1 }),
  biasRegularizer: keras.l1l2({ l2: 0.1 }),
};

/** The case of a layer without weights, through which a dense layer is trained. */
function afterDense(make: () => tf.layers.Layer): ModelCase {
  return {
    trains: true,
    model: () =>
      tf.sequential({
        layers: [keras.dense({ units: 9, inputShape: [4] }), make()],
      }),
  };
}

/** Cases by the name of the layer. */
export const layerCases: Readonly<Record<string, ModelCase>> = {
  dense: layerCase([4], () =>
    keras.dense({
      units: 3,
      activation: "tanh",
      kernelRegularizer: keras.l1l2({ l2: 0.1 }),
      biasRegularizer: keras.l1l2({ l1: 0.1 }),
    }),
  ),
  // TensorFlow.js applies constraints when weights are set, not when they are trained.
  "dense with constraints": layerCase(
    [4],
    () =>
      keras.dense({
        units: 3,
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.6, axis: 0 }),
        biasConstraint: tf.constraints.nonNeg(),
      }),
    { trains: false },
  ),
  "dense without bias": layerCase(
    sequence,
    () =>
      layers.dense({
        units: 2,
        useBias: false,
        kernelConstraint: tf.constraints.minMaxNorm({
          minValue: 0.1,
          maxValue: 0.5,
        }),
      }),
    { trains: false },
  ),
  activation: layerCase(sequence, () =>
    layers.activation({ activation: "softmax" }),
  ),
  "hard sigmoid": layerCase([4], () =>
    keras.dense({ units: 3, activation: "hardSigmoid" }),
  ),
  swish: layerCase([4], () => keras.dense({ units: 3, activation: "swish" })),
  "ReLU with a limit": layerCase([9], () => layers.reLU({ maxValue: 0.5 })),
  ReLU: layerCase([9], () => layers.reLU()),
  leakyReLU: layerCase([9], () => layers.leakyReLU({ alpha: 0.2 })),
  thresholdedReLU: layerCase([9], () => layers.thresholdedReLU({ theta: 0.3 })),
  PReLU: layerCase(image, () => layers.prelu({ sharedAxes: [1, 2] })),
  "PReLU of each unit": layerCase([4], () => layers.prelu()),
  elu: layerCase([9], () => layers.elu()),
  "keras.elu": layerCase([9], () => keras.elu({ alpha: 0.5 })),
  softmax: layerCase([9], () => layers.softmax()),
  "keras.softmax": layerCase(image, () => keras.softmax({ axis: 1 })),
  "keras.softmax of pixels": layerCase(image, () =>
    keras.softmax({ axis: [1, 2] }),
  ),
  "keras.thresholdedReLU": afterDense(() =>
    keras.thresholdedReLU({ theta: 0.3 }),
  ),
  embedding: layerCase(
    [4],
    () =>
      layers.embedding({
        inputDim: 6,
        outputDim: 3,
        embeddingsRegularizer: keras.l1l2({ l2: 0.1 }),
      }),
    { integers: 6 },
  ),
  "globalMaxPooling1d of equal steps": {
    trains: true,
    model: () =>
      tf.sequential({
        layers: [
          keras.dense({ units: 3, inputShape: [4] }),
          layers.repeatVector({ n: 3 }),
          layers.globalMaxPooling1d({}),
        ],
      }),
  },
  "globalMaxPooling2d of equal pixels": {
    trains: true,
    model: () =>
      tf.sequential({
        layers: [
          keras.conv2d({ filters: 2, kernelSize: 2, inputShape: image }),
          layers.upSampling2d({ size: [2, 3] }),
          layers.globalMaxPooling2d({}),
        ],
      }),
  },
  masking: {
    trains: true,
    model: () =>
      tf.sequential({
        layers: [
          layers.masking({ maskValue: 0.5, inputShape: sequence }),
          keras.simpleRNN({ units: 2 }),
        ],
      }),
  },

  add: mergeCase([4], () => layers.add()),
  average: mergeCase([4], () => layers.average()),
  maximum: mergeCase([4], () => layers.maximum()),
  minimum: mergeCase([4], () => layers.minimum()),
  multiply: mergeCase([4], () => layers.multiply()),
  concatenate: mergeCase([4, 3], () => layers.concatenate({ axis: 1 })),
  dot: mergeCase([4, 3], () => layers.dot({ axes: 2, normalize: true })),

  dropout: layerCase(
    image,
    () => layers.dropout({ rate: 0.25, noiseShape: [3, 1, 1, 2], seed: 7 }),
    random,
  ),
  spatialDropout1d: layerCase(
    sequence,
    () => layers.spatialDropout1d({ rate: 0.25 }),
    random,
  ),
  gaussianNoise: layerCase(
    sequence,
    () => layers.gaussianNoise({ stddev: 0.25 }),
    random,
  ),
  gaussianDropout: layerCase(
    sequence,
    () => layers.gaussianDropout({ rate: 0.25 }),
    random,
  ),
  alphaDropout: layerCase(
    sequence,
    () => keras.alphaDropout({ rate: 0.25 }),
    random,
  ),
  randomFlip: layerCase(image, () => randomFlip(), random),
  randomShift: layerCase([12, 12, 3], () => randomShift({ pixels: 2 }), random),

  batchNormalization: layerCase(image, () => layers.batchNormalization()),
  "keras.batchNormalization without center": layerCase(image, () =>
    keras.batchNormalization({ center: false, momentum: 0.8, epsilon: 0.01 }),
  ),
  "keras.batchNormalization without scale": layerCase(image, () =>
    keras.batchNormalization({ scale: false }),
  ),
  "frozen keras.batchNormalization": layerCase(image, () =>
    keras.batchNormalization({ trainable: false }),
  ),
  "keras.batchNormalization of another axis": layerCase(image, () =>
    keras.batchNormalization({ axis: 1, momentum: 0.8 }),
  ),
  "keras.batchNormalization of volumes": layerCase(video, () =>
    keras.batchNormalization({ momentum: 0.8 }),
  ),
  "keras.layerNormalization without center": layerCase(image, () =>
    keras.layerNormalization({ center: false, axis: [1, 3] }),
  ),
  "keras.layerNormalization without scale": layerCase(image, () =>
    keras.layerNormalization({ scale: false }),
  ),
  layerNormalization: layerCase(image, () =>
    layers.layerNormalization({ epsilon: 0.01 }),
  ),

  flatten: layerCase(image, () => layers.flatten()),
  permute: layerCase(image, () => layers.permute({ dims: [3, 1, 2] })),
  repeatVector: layerCase([4], () => layers.repeatVector({ n: 3 })),
  reshape: layerCase(image, () => layers.reshape({ targetShape: [3, -1] })),
  zeroPadding2d: layerCase(image, () =>
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 1],
      ],
    }),
  ),
  cropping2D: layerCase(image, () =>
    layers.cropping2D({
      cropping: [
        [1, 2],
        [0, 1],
      ],
    }),
  ),
  upSampling2d: layerCase(image, () => layers.upSampling2d({ size: [2, 3] })),
  "keras.upSampling2d": layerCase(image, () =>
    keras.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
  ),
  rescaling: layerCase(image, () => layers.rescaling({ scale: 2, offset: -1 })),
  "keras.resizing": layerCase(image, () =>
    keras.resizing({ height: 3, width: 4, cropToAspectRatio: true }),
  ),
  "keras.centerCrop": layerCase(image, () =>
    keras.centerCrop({ height: 3, width: 4 }),
  ),
  "keras.categoryEncoding": layerCase(
    [3],
    () => keras.categoryEncoding({ numTokens: 5, outputMode: "multiHot" }),
    { integers: 5 },
  ),

  conv1d: layerCase(sequence, () =>
    layers.conv1d({ filters: 2, kernelSize: 2, strides: 2, padding: "same" }),
  ),
  "causal keras.conv1d": layerCase(sequence, () =>
    keras.conv1d({
      filters: 2,
      kernelSize: 2,
      dilationRate: 2,
      padding: "causal",
    }),
  ),
  conv2d: layerCase(image, () =>
    layers.conv2d({
      filters: 3,
      kernelSize: [3, 2],
      strides: [2, 1],
      padding: "same",
      activation: "relu",
    }),
  ),
  "dilated keras.conv2d": layerCase(image, () =>
    keras.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2 }),
  ),
  conv3d: layerCase(video, () =>
    keras.conv3d({ filters: 2, kernelSize: 2, padding: "same" }),
  ),
  "dilated keras.conv3d": layerCase(video, () =>
    keras.conv3d({ filters: 2, kernelSize: 2, dilationRate: [2, 1, 2] }),
  ),
  conv2dTranspose: layerCase(image, () =>
    keras.conv2dTranspose({
      filters: 3,
      kernelSize: 3,
      strides: 2,
      padding: "same",
    }),
  ),
  "keras.conv3dTranspose": layerCase(video, () =>
    keras.conv3dTranspose({ filters: 3, kernelSize: [2, 3, 2], strides: 2 }),
  ),
  conv3dTranspose: layerCase(
    video,
    () => layers.conv3dTranspose({ filters: 3, kernelSize: 2, strides: 2 }),
    // TensorFlow.js has no gradient of it.
    { trains: false },
  ),
  depthwiseConv2d: layerCase(image, () =>
    layers.depthwiseConv2d({
      ...{ kernelSize: 2, depthMultiplier: 2 },
      depthwiseRegularizer: keras.l1l2({ l2: 0.1 }),
    }),
  ),
  "dilated keras.depthwiseConv2d": layerCase(image, () =>
    keras.depthwiseConv2d({ kernelSize: 2, dilationRate: [2, 1] }),
  ),
  separableConv2d: layerCase(image, () =>
    layers.separableConv2d({ filters: 3, kernelSize: 2, depthMultiplier: 2 }),
  ),
  "keras.separableConv2d": layerCase(image, () =>
    keras.separableConv2d({ filters: 3, kernelSize: 2, padding: "same" }),
  ),

  "dilated keras.separableConv2d": layerCase(image, () =>
    keras.separableConv2d({
      ...{ filters: 3, kernelSize: 2, dilationRate: 2, padding: "same" },
      depthMultiplier: 2,
    }),
  ),

  averagePooling1d: layerCase(sequence, () =>
    layers.averagePooling1d({ poolSize: 2, strides: 1 }),
  ),
  averagePooling2d: layerCase(image, () =>
    layers.averagePooling2d({ poolSize: [3, 2], strides: 2, padding: "same" }),
  ),
  averagePooling3d: layerCase(video, () =>
    layers.averagePooling3d({ poolSize: 2 }),
  ),
  maxPooling1d: layerCase(sequence, () =>
    layers.maxPooling1d({ poolSize: 2, padding: "same" }),
  ),
  maxPooling2d: layerCase(image, () => layers.maxPooling2d({ poolSize: 2 })),
  maxPooling3d: layerCase(video, () => layers.maxPooling3d({ poolSize: 2 })),
  globalAveragePooling1d: layerCase(sequence, () =>
    layers.globalAveragePooling1d(),
  ),
  globalAveragePooling2d: layerCase(image, () =>
    layers.globalAveragePooling2d({}),
  ),
  globalMaxPooling1d: layerCase(sequence, () => layers.globalMaxPooling1d()),
  globalMaxPooling2d: layerCase(image, () => layers.globalMaxPooling2d({})),

  simpleRNN: layerCase(sequence, () =>
    keras.simpleRNN({ units: 2, returnSequences: true, goBackwards: true }),
  ),
  lstm: layerCase(sequence, () => keras.lstm({ units: 2 })),
  "lstm with penalties": layerCase(sequence, () =>
    keras.lstm({ units: 2, ...recurrentPenalties }),
  ),
  "lstm of sequences": layerCase(sequence, () =>
    keras.lstm({ units: 2, returnSequences: true, unroll: true }),
  ),
  "keras.gru": layerCase(sequence, () => keras.gru({ units: 2 })),
  "gru without resetAfter": layerCase(sequence, () =>
    keras.gru({ units: 2, resetAfter: false }),
  ),
  convLstm2d: layerCase(film, () =>
    keras.convLstm2d({ filters: 2, kernelSize: 2, padding: "same" }),
  ),
  "dilated keras.convLstm2d": layerCase(film, () =>
    keras.convLstm2d({ filters: 2, kernelSize: 2, dilationRate: 2 }),
  ),
  "rnn of cells": layerCase(sequence, () =>
    layers.rnn({
      cell: layers.stackedRNNCells({
        cells: [
          layers.simpleRNNCell({ units: 2 }),
          layers.lstmCell({ units: 3, recurrentActivation: "sigmoid" }),
          layers.gruCell({ units: 2, recurrentActivation: "sigmoid" }),
          layers.lstmCell({ units: 2, recurrentActivation: "sigmoid" }),
        ],
      }),
    }),
  ),
  "bidirectional lstm": layerCase(sequence, () =>
    layers.bidirectional({
      layer: keras.lstm({ units: 2 }),
      mergeMode: "concat",
    }),
  ),
  "bidirectional keras.gru with penalties": layerCase(sequence, () =>
    layers.bidirectional({
      layer: keras.gru({ units: 2, ...recurrentPenalties }),
      mergeMode: "mul",
    }),
  ),
  "bidirectional keras.gru": layerCase(sequence, () =>
    layers.bidirectional({
      layer: keras.gru({ units: 2, returnSequences: true }),
      mergeMode: "sum",
    }),
  ),
  timeDistributed: layerCase(film, () =>
    layers.timeDistributed({
      layer: keras.conv2d({
        filters: 2,
        kernelSize: 3,
        kernelRegularizer: keras.l1l2({ l2: 0.1 }),
      }),
    }),
  ),
};
