/**
 * Keras-compatible variants of everything that TensorFlow.js computes differently from Keras 3.
 *
 * The functions of `tf` itself keep TensorFlow.js's behavior. `docs/tfjs-and-keras.md` lists the
 * differences.
 */
export {
  hardSigmoid,
  hardSigmoidName,
  type ActivationName,
} from "./activations";
export * as callbacks from "./callbacks";
export {
  glorotNormal,
  heNormal,
  leCunNormal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  type NormalOptions,
  type SeedOptions,
  type UniformOptions,
  type VarianceScalingOptions,
} from "./initializers";
export { alphaDropout, type AlphaDropoutOptions } from "./layers/alpha-dropout";
export { batchNormalization } from "./layers/batch-normalization";
export {
  categoryEncoding,
  type CategoryEncodingOptions,
} from "./layers/category-encoding";
export { conv1d, conv2d, depthwiseConv2d } from "./layers/convolution";
export { convLstm2d } from "./layers/conv-lstm";
export { conv2dTranspose, dense, lstm, simpleRNN } from "./layers/defaults";
export { gru, type GruOptions } from "./layers/gru";
export { layerNormalization } from "./layers/layer-normalization";
export { centerCrop, resizing } from "./layers/resizing";
export { separableConv2d } from "./layers/separable-convolution";
export {
  elu,
  softmax,
  type EluOptions,
  type SoftmaxOptions,
} from "./layers/softmax";
export { thresholdedReLU } from "./layers/thresholded-relu";
export {
  upSampling2d,
  type UpSampling2dOptions,
} from "./layers/up-sampling-2d";
export { conv3d, conv3dTranspose } from "./layers/volume-convolution";
export * as losses from "./losses";
export {
  binaryCrossentropy,
  categoricalCrossentropy,
  hinge,
  squaredHinge,
  type CrossentropyOptions,
  type Loss,
} from "./losses";
export {
  categoricalAccuracy,
  cosineSimilarity,
  precision,
  recall,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
  type Metric,
} from "./metrics";
export type {
  EpochSchedule,
  MonitorMode,
  ReduceLROnPlateauOptions,
} from "./callbacks";
export * as optimizers from "./optimizers";
export type { LearningRateSchedule } from "./optimizers/schedules";
export {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  nadam,
  rmsprop,
  sgd,
  type AdadeltaOptions,
  type AdagradOptions,
  type AdamaxOptions,
  type AdamOptions,
  type ClippingOptions,
  type KerasOptimizer,
  type KerasOptimizerOptions,
  type NamedTensor,
  type NadamOptions,
  type RMSPropOptions,
  type SGDOptions,
  type WeightDecayExclusions,
  type WeightUpdate,
} from "./optimizers";
export { l1l2, type L1L2Options } from "./regularizers";
