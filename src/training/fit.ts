/**
 * Training with a progress display.
 *
 * tfjs's `model.fit` does the training. This module turns its callbacks into an output block that
 * is updated in place, and its logs into a {@link History}.
 */
import { checkCount, checkPositive } from "../check";
import { markPassive } from "../engine/models/watches-batches";
import { EarlyStopping, type EarlyStoppingOptions } from "./early-stopping";
import { tf } from "../engine/tensorflow";
import { warnOfTraps } from "../engine/models/traps";
import { coded } from "../notebook/coded-error";
import { joinedCallbacks, type FitCallback } from "./callbacks";
import { CheckpointCallback } from "./checkpoints/checkpoint-callback";
import type { CheckpointOptions } from "./checkpoints/checkpoint-options";
import { Checkpoints } from "./checkpoints/checkpoints";
import type { RunPart } from "./checkpoints/saved-part";
import type { History } from "./history";
import { labelsFor } from "./labels";
import { Recorder } from "./recorder";
import { setSeed } from "./seed";
import { endingAtNonFiniteLoss } from "./terminate-on-nan";
import { TrainingBlock } from "./training-block";

/** Options of {@link fit}. */
export interface FitOptions {
  /** Number of passes over the training data. */
  readonly epochs: number;
  /** Batch size; 32 by default. The last batch of an epoch contains the remaining samples. */
  readonly batchSize?: number;
  /** Inputs and labels for validation after each epoch. */
  readonly validationData?: readonly [x: tf.Tensor, y: tf.Tensor];
  /** Whether to shuffle the samples in each epoch; true by default. */
  readonly shuffle?: boolean;
  /** Seed of shuffling and dropout, set before the run. */
  readonly seed?: number;
  /**
   * Whether to show the run: progress, a chart and a Stop button, and a table with an image of the
   * curves at its end; true by default.
   */
  readonly progress?: boolean;
  /**
   * Time limit in minutes; none by default. The run ends after an epoch if another epoch of mean
   * duration would exceed the limit. At least one epoch is trained.
   */
  readonly minutes?: number;
  /**
   * Ends the run when a curve no longer improves, and puts the weights of the best epoch back; off
   * by default. Without `monitor`, the curve is `val_loss`, which needs `validationData`.
   */
  readonly earlyStopping?: EarlyStoppingOptions;
  /**
   * Callbacks of Keras (`keras.callbacks`) or tfjs. They are called as by `model.fit`, before
   * `onEpochEnd`, and see the names and values of `model.fit`.
   */
  readonly callbacks?: FitCallback | readonly FitCallback[];
  /**
   * Whether a loss that is NaN or infinite ends the run with an error; true by default. If
   * false, training continues, and the curves contain these values.
   */
  readonly terminateOnNaN?: boolean;
  /**
   * Called after each complete epoch, counted from 1, with its values under the history's names.
   * The run waits for it, and ends if it throws. Its time counts toward `minutes`, but not toward
   * the epoch's time. Setting a seed in it does not affect the run; drawing random numbers without
   * one does.
   */
  readonly onEpochEnd?: (
    epoch: number,
    values: Readonly<Record<string, number>>,
  ) => void | Promise<void>;
  /**
   * A folder in which the state of the run is saved, or the folder with further options; none by
   * default. If it has a checkpoint of the same run, the run continues there, and ends with the
   * same bits as without the interruption. A finished run returns its history at once.
   */
  readonly checkpoints?: string | CheckpointOptions;
}

/** Minimum time between updates of the display. */
const millisecondsPerUpdate = 250;

/** The last history of each model, because an interrupted cell has no value. */
const histories = new WeakMap<tf.LayersModel, History>();

/**
 * Trains a compiled model and displays its progress in one output block, which shows the table of
 * epochs and an image of the curves at the end.
 *
 * `x` (n, …) inputs, `y` (n, 1) labels. The run ends early if `model.stopTraining` is set, for
 * example by the block's Stop button or the kernel's interrupt. The weights then remain as after
 * the last step, the history contains the completed epochs, and {@link historyOf} returns it even
 * though an interrupted cell has no value.
 *
 * At the first batch whose loss is NaN or infinite, throws an Error (`ERR_NOT_FINITE`) that names
 * epoch, batch, the first layer whose output is not finite, and what to try, as
 * {@link terminateOnNaN}. The history then contains the epochs before.
 *
 * Throws a TypeError (`ERR_INVALID_TYPE`) if `x` or `y` is no tensor: models with several inputs or
 * outputs are trained with `model.fit`. Throws a RangeError (`ERR_INVALID_VALUE`) if `epochs` or
 * `batchSize` is not a positive integer, `minutes` is not a positive number or `earlyStopping`
 * breaks a rule, and what tfjs throws if a
 * shape does not match. With `checkpoints`, throws a RangeError (`ERR_INVALID_VALUE`) if an option
 * breaks its rule or the folder has checkpoints of another run, and an Error if another run uses it
 * (`ERR_LOCKED`), it cannot be written or read (`ERR_DISK`), or the engine is off or a layer is
 * stateful (`ERR_UNSUPPORTED`). Warns once about features that TensorFlow.js computes differently
 * from what their names suggest.
 */
export async function fit(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  options: FitOptions,
): Promise<History> {
  const { epochs, batchSize = 32, validationData, shuffle = true } = options;
  const { progress = true, minutes = Infinity, onEpochEnd } = options;
  checkTensors(x, y);
  checkCount("epochs", epochs);
  checkCount("batchSize", batchSize);
  if (minutes !== Infinity) checkPositive("minutes", minutes);
  const stopping =
    options.earlyStopping && new EarlyStopping(model, options.earlyStopping);
  const recorder = new Recorder({
    epochs,
    batchSize,
    samples: x.shape[0] ?? 0,
    validationSamples: validationData?.[0].shape[0] ?? 0,
  });
  const checkpoints =
    options.checkpoints === undefined
      ? undefined
      : checkpointsOf(options, options.checkpoints, recorder, stopping);
  warnOfTraps(model);
  if (options.seed !== undefined) setSeed(options.seed);
  const usableLabels = labelsFor(model, y);
  const usableValidationLabels =
    validationData && labelsFor(model, validationData[1]);
  const block = progress
    ? new TrainingBlock(recorder.progress(), () => (model.stopTraining = true))
    : undefined;
  let shownAt = performance.now();
  const endBatch = async (_step: number, logs?: tf.Logs): Promise<void> => {
    recorder.addStep(logs);
    const now = performance.now();
    if (now - shownAt < millisecondsPerUpdate) return;
    shownAt = now;
    block?.update(recorder.state());
  };
  try {
    await model.fit(x, usableLabels.labels, {
      epochs,
      batchSize,
      shuffle,
      // Disables tfjs-node's progress bar on standard error.
      verbose: 0,
      ...(validationData === undefined || usableValidationLabels === undefined
        ? {}
        : {
            validationData: [validationData[0], usableValidationLabels.labels],
          }),
      callbacks: joinedCallbacks(
        {
          onEpochBegin: async () => recorder.beginEpoch(),
          // Several short steps may run at once. The recorder may receive their logs later without
          // changing its counts.
          onBatchEnd:
            options.terminateOnNaN === false
              ? markPassive(endBatch)
              : endingAtNonFiniteLoss(
                  () => model,
                  () => recorder.epoch,
                  endBatch,
                ),
        },
        [
          ...(checkpoints ? [new CheckpointCallback(checkpoints)] : []),
          ...listOf(options.callbacks),
        ],
        {
          onEpochEnd: async (epoch, logs) => {
            const values = recorder.endEpoch(logs);
            if (values !== undefined && onEpochEnd) {
              // If the callback never settles, the history so far is still available.
              histories.set(model, recorder.history());
              const { random } = Math;
              try {
                await onEpochEnd(epoch + 1, values);
              } finally {
                Math.random = random;
              }
            }
            if (values && stopping?.isDone(epoch + 1, values)) {
              model.stopTraining = true;
            }
            const spent = recorder.spent / 60;
            if (spent + spent / (epoch + 1) > minutes)
              model.stopTraining = true;
          },
        },
      ),
    });
    const restored = stopping?.restore();
    if (restored !== undefined) recorder.restored(restored);
  } catch (error) {
    recorder.interrupt();
    throw error;
  } finally {
    stopping?.dispose();
    usableLabels.dispose();
    usableValidationLabels?.dispose();
    const history = recorder.history();
    histories.set(model, history);
    block?.end(history);
  }
  return recorder.history();
}

/**
 * Returns the history of a model's last run with {@link fit}, including interrupted runs.
 *
 * Throws an Error (`ERR_INVALID_STATE`) if the model was not trained with `fit`, or if its first
 * run is still in progress.
 */
export function historyOf(model: tf.LayersModel): History {
  const history = histories.get(model);
  if (history === undefined) {
    throw coded(
      "ERR_INVALID_STATE",
      new Error(
        "Expected a model that was trained with fit, received one that was not",
      ),
    );
  }
  return history;
}

/** Returns the checkpoints of a run, which save the state of its parts as well. */
function checkpointsOf(
  { seed, earlyStopping }: FitOptions,
  options: string | CheckpointOptions,
  recorder: Recorder,
  stopping: EarlyStopping | undefined,
): Checkpoints {
  const parts = new Map<string, RunPart>([["record", recorder]]);
  if (stopping !== undefined) parts.set("early-stopping", stopping);
  return new Checkpoints(options, parts, {
    seed: seed ?? null,
    earlyStopping: earlyStopping ? { ...earlyStopping } : null,
  });
}

function listOf(
  callbacks: FitOptions["callbacks"] = [],
): readonly FitCallback[] {
  return Array.isArray(callbacks)
    ? (callbacks as readonly FitCallback[])
    : [callbacks as FitCallback];
}

function checkTensors(x: unknown, y: unknown): void {
  for (const [name, value] of Object.entries({ x, y })) {
    if (value instanceof tf.Tensor) continue;
    throw coded(
      "ERR_INVALID_TYPE",
      new TypeError(
        `Expected \`${name}\` to be a tensor, received ${Array.isArray(value) ? "a list" : typeof value}; \`model.fit\` trains models with several inputs or outputs`,
      ),
    );
  }
}
