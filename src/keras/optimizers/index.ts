/**
 * Optimizers as in Keras, `keras.optimizers`.
 */
export { adadelta, type AdadeltaOptions } from "./adadelta";
export { adagrad, type AdagradOptions } from "./adagrad";
export { adam, type AdamOptions } from "./adam";
export { adamax, type AdamaxOptions } from "./adamax";
export { adamW } from "./adamw";
export type { ClippingOptions } from "./gradient-clipping";
export type { KerasOptimizerOptions } from "./common-options";
export type {
  KerasOptimizer,
  NamedTensor,
  WeightUpdate,
} from "./keras-optimizer";
export { nadam, type NadamOptions } from "./nadam";
export { rmsprop, type RMSPropOptions } from "./rmsprop";
export * as schedules from "./schedules";
export { sgd, type SGDOptions } from "./sgd";
export type { WeightDecayExclusions } from "./weight-decay";
