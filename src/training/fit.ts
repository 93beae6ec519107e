/**
 * A training run that is watched.
 *
 * `model.fit` of tfjs does the work; here its callbacks are turned into one block that rewrites itself, and its tensors
 * into the numbers of a {@link History}.
 */
import { listensOnly } from "../engine/models/watches-batches";
import type { tf } from "../engine/tensorflow";
import { warnOfTraps } from "../engine/models/traps";
import { display } from "../notebook/display";
import { curveName } from "./curve-name";
import { History, type CutEpoch, type TrainingPlan } from "./history";
import { labelsFor } from "./labels";
import { Progress } from "./progress";
import { setSeed } from "./seed";

/** How a model is trained. */
export interface FitOptions {
  /** How often the whole of the data is gone through. */
  readonly epochs: number;
  /** Samples a step; default 32. The last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Inputs and labels on which loss and metrics are taken after each epoch. */
  readonly validationData?: readonly [x: tf.Tensor, y: tf.Tensor];
  /** Whether the order of samples is drawn for each epoch; default true. */
  readonly shuffle?: boolean;
  /** Starts the drawing of orders and dropout from this seed, whatever was drawn before. */
  readonly seed?: number;
  /** Whether the run is shown while it goes on, and its table when it has ended; default true. */
  readonly progress?: boolean;
  /**
   * Time for the run, in minutes: it ends after the epoch behind which another one, as long as those before on the mean, would no longer
   * fit. At least one epoch is trained. Default: no limit.
   */
  readonly minutes?: number;
  /**
   * Called after each whole epoch, counted from 1, with its values under the history's names; the run waits for it, and ends if it
   * throws. Its time counts for `minutes`, but is not the epoch's. A seed that is set in it does not reach the run; numbers that it
   * draws without one do.
   */
  readonly onEpochEnd?: (
    epoch: number,
    values: Readonly<Record<string, number>>,
  ) => void | Promise<void>;
}

/** The block is rewritten at most this often. */
const millisecondsPerUpdate = 250;

/** The last run of each model, for when a cell was interrupted and has no value. */
const histories = new WeakMap<tf.LayersModel, History>();

/**
 * Trains a compiled model and shows how it goes: one block of output that rewrites itself, and ends as the table of
 * epochs.
 *
 * `x` (n, …) inputs, `y` (n, 1) labels. The run ends early if `model.stopTraining` is set, as the kernel's interrupt does:
 * the weights then stay as the last step left them, the epochs done are in the history, and {@link historyOf} finds it
 * even though the interrupted cell has no value.
 *
 * Throws a RangeError if `epochs` or `batchSize` is not a whole number above 0 or `minutes` no number above 0, and what tfjs throws if a shape
 * does not fit. Warns once of what TensorFlow.js computes otherwise than its name says.
 */
export async function fit(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  options: FitOptions,
): Promise<History> {
  const { epochs, batchSize = 32, validationData, shuffle = true } = options;
  const { progress = true, minutes = Infinity, onEpochEnd } = options;
  for (const [name, value] of Object.entries({ epochs, batchSize })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Expected \`${name}\` to be a whole number above 0, received ${value}`,
      );
    }
  }
  if (!(minutes > 0)) {
    throw new RangeError(
      `Expected \`minutes\` to be a number above 0, received ${minutes}`,
    );
  }
  warnOfTraps(model);
  if (options.seed !== undefined) setSeed(options.seed);
  const recorder = new Recorder({
    epochs,
    batchSize,
    samples: x.shape[0] ?? 0,
    validationSamples: validationData?.[0].shape[0] ?? 0,
  });
  const usable = labelsFor(model, y);
  const usableValidation =
    validationData && labelsFor(model, validationData[1]);
  const block = progress ? display(recorder.progress()) : undefined;
  const began = performance.now();
  let shownAt = began;
  try {
    await model.fit(x, usable.labels, {
      epochs,
      batchSize,
      shuffle,
      // The bar that tfjs-node writes to standard error is not wanted beside the block.
      verbose: 0,
      ...(validationData === undefined || usableValidation === undefined
        ? {}
        : { validationData: [validationData[0], usableValidation.labels] }),
      callbacks: {
        onEpochBegin: async () => recorder.beginEpoch(),
        // Several short steps may be run at once: told of each of them later, it counts the same.
        onBatchEnd: listensOnly(async (_step: number, logs?: tf.Logs) => {
          recorder.addStep(logs);
          const now = performance.now();
          if (now - shownAt < millisecondsPerUpdate) return;
          shownAt = now;
          block?.update(recorder.progress());
        }),
        onEpochEnd: async (epoch, logs) => {
          const values = recorder.endEpoch(logs);
          if (values !== undefined && onEpochEnd) {
            // Should it never come back, what was trained so far is known all the same.
            histories.set(model, recorder.history());
            const { random } = Math;
            try {
              await onEpochEnd(epoch + 1, values);
            } finally {
              Math.random = random;
            }
          }
          const spent = (performance.now() - began) / 60_000;
          if (spent + spent / (epoch + 1) > minutes) model.stopTraining = true;
        },
      },
    });
  } finally {
    usable.free();
    usableValidation?.free();
    const history = recorder.history();
    histories.set(model, history);
    block?.update(history);
  }
  return recorder.history();
}

/**
 * The history of a model's last run with {@link fit}, also of one that was interrupted.
 *
 * Throws an Error if the model was not trained with `fit`, or is still being trained for the first time.
 */
export function historyOf(model: tf.LayersModel): History {
  const history = histories.get(model);
  if (history === undefined) {
    throw new Error(
      "Expected a model that was trained with fit, received one that was not",
    );
  }
  return history;
}

/** Gathers what tfjs's callbacks report. */
class Recorder {
  readonly #plan: TrainingPlan;
  readonly #curves: Record<string, number[]> = {};
  readonly #seconds: number[] = [];
  #epoch = 0;
  #step = 0;
  #samples = 0;
  #sums: Record<string, number> = {};
  #epochBegan = performance.now();
  #cut: CutEpoch | undefined;

  constructor(plan: TrainingPlan) {
    this.#plan = plan;
  }

  beginEpoch(): void {
    this.#epoch += 1;
    this.#step = 0;
    this.#samples = 0;
    this.#sums = {};
    this.#epochBegan = performance.now();
  }

  addStep(logs: tf.Logs | undefined): void {
    const { size = 0, ...values } = logs ?? {};
    this.#step += 1;
    this.#samples += size;
    for (const [name, value] of Object.entries(values)) {
      if (name === "batch") continue;
      this.#sums[name] = (this.#sums[name] ?? 0) + value * size;
    }
  }

  /** The epoch's values, or nothing if it was cut off. */
  endEpoch(
    logs: tf.Logs | undefined,
  ): Readonly<Record<string, number>> | undefined {
    if (this.#samples < this.#plan.samples) {
      this.#cut = { epoch: this.#epoch, steps: this.#step };
      return undefined;
    }
    this.#seconds.push(this.#elapsed());
    // tfjs reports validation first; a table reads better in the order of Keras.
    const entries = Object.entries(logs ?? {})
      .sort(
        ([one], [other]) =>
          Number(one.startsWith("val_")) - Number(other.startsWith("val_")),
      )
      .map(([name, value]) => [curveName(name), value] as const);
    for (const [name, value] of entries) {
      (this.#curves[name] ??= []).push(value);
    }
    return Object.fromEntries(entries);
  }

  progress(): Progress {
    const means = Object.entries(this.#sums).map(([name, sum]) => [
      curveName(name),
      sum / this.#samples,
    ]);
    return new Progress(this.#plan, {
      epoch: Math.max(1, this.#epoch),
      step: this.#step,
      means: Object.fromEntries(means) as Record<string, number>,
      epochSeconds: this.#elapsed(),
      finishedSeconds: this.#seconds,
    });
  }

  history(): History {
    return new History(
      this.#plan,
      structuredClone(this.#curves),
      [...this.#seconds],
      this.#cut,
    );
  }

  #elapsed(): number {
    return (performance.now() - this.#epochBegan) / 1000;
  }
}
