/**
 * Learning rate schedules, `keras.optimizers.schedules`.
 */
export {
  cosineDecay,
  cosineDecayRestarts,
  type CosineDecayOptions,
  type CosineDecayRestartsOptions,
} from "./cosine-decay";
export {
  exponentialDecay,
  inverseTimeDecay,
  type DecayOptions,
} from "./exponential-decay";
export { LearningRateSchedule } from "./learning-rate-schedule";
export {
  piecewiseConstantDecay,
  type PiecewiseConstantDecayOptions,
} from "./piecewise-constant-decay";
export {
  polynomialDecay,
  type PolynomialDecayOptions,
} from "./polynomial-decay";
