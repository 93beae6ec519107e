/**
 * Options of all Keras-compatible optimizers.
 */
import type { ClippingOptions } from "./gradient-clipping";
import type { LearningRateSchedule } from "./schedules/learning-rate-schedule";

/** Options of all Keras-compatible optimizers. */
export interface KerasOptimizerOptions extends ClippingOptions {
  /** Step size, or a schedule that determines it in each step; 0.001 by default, 0.01 for `sgd`. */
  readonly learningRate?: number | LearningRateSchedule;
  /**
   * Share of the learning rate by which each weight shrinks in each step, in addition to the
   * update; none by default.
   */
  readonly weightDecay?: number;
}

/** Options that TensorFlow.js's optimizers do not have. */
const additions = [
  "weightDecay",
  "clipnorm",
  "clipvalue",
  "globalClipnorm",
] as const;

/**
 * Whether an optimizer of TensorFlow.js has all given options: a number as the learning rate, no
 * clipping and no weight decay.
 */
export function areOptionsOfTfjs<Options extends KerasOptimizerOptions>(
  options: Options,
): options is Options & { readonly learningRate?: number } {
  return (
    typeof (options.learningRate ?? 0) === "number" &&
    additions.every((name) => (options[name] ?? undefined) === undefined)
  );
}
