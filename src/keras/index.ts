/**
 * Keras-compatible variants of everything that TensorFlow.js computes differently from Keras 3.
 *
 * The functions of `tf` itself keep TensorFlow.js's behavior. `docs/tfjs-and-keras.md` lists the
 * differences.
 */
export { hardSigmoid, hardSigmoidName } from "./activations";
export {
  glorotNormal,
  heNormal,
  leCunNormal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
} from "./initializers";
export { alphaDropout } from "./layers/alpha-dropout";
export { batchNormalization } from "./layers/batch-normalization";
export { categoryEncoding } from "./layers/category-encoding";
export { conv1d, conv2d, depthwiseConv2d } from "./layers/convolution";
export {
  conv2dTranspose,
  conv3d,
  convLstm2d,
  dense,
  lstm,
  simpleRNN,
} from "./layers/defaults";
export { gru } from "./layers/gru";
export { centerCrop, resizing } from "./layers/resizing";
export { separableConv2d } from "./layers/separable-convolution";
export { elu, softmax } from "./layers/softmax";
export { upSampling2d } from "./layers/up-sampling-2d";
export { hinge, squaredHinge } from "./losses";
export {
  categoricalAccuracy,
  cosineSimilarity,
  precision,
  recall,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
  type Metric,
} from "./metrics";
export { adadelta } from "./optimizers/adadelta";
export { adam } from "./optimizers/adam";
export { nadam } from "./optimizers/nadam";
export { rmsprop } from "./optimizers/rmsprop";
export { adagrad, adamax } from "./optimizers/same-formula";
export { sgd } from "./optimizers/sgd";
export { l1l2 } from "./regularizers";
