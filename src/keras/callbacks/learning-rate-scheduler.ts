/**
 * A callback that sets the learning rate at the beginning of each epoch.
 */
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { optimizerCallback } from "./optimizer-callback";

/** Returns the learning rate of an epoch, counted from 0. `rate` is that of the last epoch. */
export type EpochSchedule = (epoch: number, rate: number) => number;

/**
 * Creates a callback for `model.fit` and `fit` that sets the learning rate at the beginning of each
 * epoch, and adds it to the history as `learning_rate`.
 *
 * `schedule(epoch, rate)` returns the rate of an epoch, counted from 0, given that of the last one.
 * With `verbose` 1, each rate is printed; 0 by default. Steps are not compiled again. The run ends
 * with a RangeError (`ERR_INVALID_VALUE`) if the function returns no number of at least 0, and with
 * an Error if the optimizer has a schedule (`ERR_INVALID_STATE`) or no learning rate
 * (`ERR_UNSUPPORTED`).
 *
 * Source: Keras 3, `LearningRateScheduler`.
 */
export function learningRateScheduler(
  schedule: EpochSchedule,
  verbose = 0,
): tf.CustomCallback {
  return optimizerCallback((learningRate) => ({
    onEpochBegin: async (epoch) => {
      const rate = checked(schedule(epoch, learningRate.get()));
      learningRate.set(rate);
      if (verbose === 0) return;
      console.log(
        `Epoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${rate}.`,
      );
    },
    onEpochEnd: async (_, logs) => {
      if (logs) logs["learning_rate"] = learningRate.get();
    },
  }));
}

function checked(rate: unknown): number {
  if (typeof rate === "number" && Number.isFinite(rate) && rate >= 0) {
    return rate;
  }
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected the function of learningRateScheduler to return a number of at least 0, received ${String(rate)}`,
    ),
  );
}
