/**
 * Callbacks as in Keras, `keras.callbacks`, for `model.fit` and `fit`.
 */
export {
  learningRateScheduler,
  type EpochSchedule,
} from "./learning-rate-scheduler";
export type { MonitorMode } from "./monitor";
export {
  reduceLROnPlateau,
  type ReduceLROnPlateauOptions,
} from "./reduce-lr-on-plateau";
