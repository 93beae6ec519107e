/**
 * Ends a run whose loss is not finite, with an error that names the cause.
 */
import { markStopping } from "../engine/models/stops-at-non-finite-loss";
import { lossErrorWithoutBatch } from "../engine/models/loss-error";
import { markPassive } from "../engine/models/watches-batches";
import { innermostModel } from "../engine/tfjs/model-internals";
import type { tf } from "../engine/tensorflow";
import { RunCallback } from "./run-callback";

/** The function of a callback for the end of a batch. */
type BatchEnd = (batch: number, logs?: tf.Logs) => void | Promise<void>;

/**
 * Returns a function for the end of a batch that ends the run if the loss is not finite, and calls
 * another one otherwise. The engine recognizes it and ends the run before the function is called;
 * without the engine, the function does.
 *
 * @param epoch Returns the epoch, from 1.
 */
export function endingAtNonFiniteLoss(
  model: () => tf.LayersModel,
  epoch: () => number,
  onBatchEnd: BatchEnd,
): BatchEnd {
  const check: BatchEnd = (batch, logs) => {
    const loss = logs?.["loss"];
    if (loss === undefined || Number.isFinite(loss)) {
      return onBatchEnd(batch, logs);
    }
    const place = { epoch: epoch(), batch: batch + 1, batches: undefined };
    throw lossErrorWithoutBatch(innermostModel(model()), loss, place);
  };
  return markStopping(markPassive(check));
}

/**
 * Returns a callback for `model.fit` that ends the run with an error (`ERR_NOT_FINITE`) at the
 * first batch whose loss is NaN or infinite. {@link fit} does so by itself.
 *
 *     await model.fit(x, y, { callbacks: terminateOnNaN() });
 *
 * The error names epoch and batch, from 1, the first layer whose output is not finite on that
 * batch, and what to try. The weights are those before the batch if the engine trains it with a
 * compiled program, as it does from the second batch on at the latest unless a part cannot be
 * compiled; the error says whether they have changed. Without the engine, or with a progress bar
 * (`verbose`), the error names the weights that are not finite, but no layer.
 *
 * Keras's callback of this name only sets `model.stop_training`, which leaves a run that looks
 * complete.
 */
export function terminateOnNaN(): tf.CustomCallback {
  let model: tf.LayersModel;
  let epoch = 1;
  return new RunCallback({
    setModel: (given) => (model = given),
    onEpochBegin: (begun) => void (epoch = begun + 1),
    onBatchEnd: endingAtNonFiniteLoss(
      () => model,
      () => epoch,
      () => undefined,
    ),
  });
}
