/**
 * Early stopping: ends a training run when a curve no longer improves.
 */
import { checkCount, checkFinite, checkRange } from "../check";
import { tf } from "../engine/tensorflow";
import { Monitor, type MonitorMode } from "../keras/callbacks/monitor";
import { loadedTensor, storedTensor } from "./checkpoints/model-state";
import {
  numbers,
  type RunPart,
  type SavedPart,
} from "./checkpoints/saved-part";
import { readWeights, writeWeights } from "./weights";

/** Options of early stopping, named as in Keras's `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /** Number of epochs without improvement after which training ends. */
  readonly patience: number;
  /** Name of the curve that has to improve; `val_loss` by default. */
  readonly monitor?: string;
  /**
   * Whether the curve has to fall ("min") or to rise ("max"); "auto", by its name, by default.
   * Losses and errors fall, accuracies rise; for names that say neither, "auto" is refused.
   */
  readonly mode?: MonitorMode;
  /** Smallest change that counts as an improvement; 0 by default. */
  readonly minDelta?: number;
  /**
   * A value that the curve has to be better than: improvements that do not reach it do not prolong
   * the run. None by default.
   */
  readonly baseline?: number;
  /** Number of epochs at the beginning that do not count; 0 by default. */
  readonly startFromEpoch?: number;
  /**
   * Whether the model gets the weights of its best epoch back; true by default, unlike in Keras.
   */
  readonly restoreBestWeights?: boolean;
}

const owner = "earlyStopping";

/** Watches one training run. */
export class EarlyStopping implements RunPart {
  readonly #model: tf.LayersModel;
  readonly #monitor: Monitor;
  readonly #patience: number;
  readonly #baseline: number | undefined;
  readonly #startFromEpoch: number;
  readonly #restoresBestWeights: boolean;
  #best: number | undefined;
  #bestEpoch = 0;
  /** Epochs since the last improvement that reached the baseline. */
  #wait = 0;
  #weights: tf.Tensor[] = [];

  /**
   * @throws RangeError `ERR_INVALID_VALUE` if `patience` is not a positive integer, `minDelta` is
   *   negative, `startFromEpoch` is not a non-negative integer, `baseline` is not a finite number,
   *   or `mode` is not valid for the curve.
   */
  constructor(model: tf.LayersModel, options: EarlyStoppingOptions) {
    const { patience, monitor = "val_loss", minDelta = 0 } = options;
    const { mode = "auto", baseline, startFromEpoch = 0 } = options;
    checkCount(`${owner}.patience`, patience);
    checkRange(`${owner}.minDelta`, minDelta, 0);
    checkCount(`${owner}.startFromEpoch`, startFromEpoch, 0);
    if (baseline !== undefined) checkFinite(`${owner}.baseline`, baseline);
    this.#model = model;
    this.#monitor = new Monitor(owner, { monitor, mode, minDelta });
    this.#patience = patience;
    this.#baseline = baseline;
    this.#startFromEpoch = startFromEpoch;
    this.#restoresBestWeights = options.restoreBestWeights ?? true;
  }

  /**
   * Notes the values of an epoch, counted from 1, and returns whether training should end.
   *
   * Source: Keras 3, `EarlyStopping.on_epoch_end`.
   *
   * @throws RangeError `ERR_UNKNOWN_NAME` if there is no curve of the monitored name.
   */
  isDone(epoch: number, values: Readonly<Record<string, number>>): boolean {
    const value = this.#monitor.valueIn(values);
    if (epoch <= this.#startFromEpoch) return false;
    this.#wait += 1;
    if (this.#monitor.isImprovement(value, this.#best)) {
      this.#best = value;
      this.#bestEpoch = epoch;
      if (this.#restoresBestWeights) this.#keepWeights();
      if (this.#monitor.isImprovement(value, this.#baseline)) this.#wait = 0;
      return false;
    }
    return this.#wait >= this.#patience;
  }

  /**
   * Gives the model the weights of its best epoch, if they are kept.
   *
   * @returns The epoch, from 1; undefined if the weights were not changed.
   */
  restore(): number | undefined {
    if (this.#weights.length === 0) return undefined;
    writeWeights(this.#model, this.#weights);
    return this.#bestEpoch;
  }

  save(): SavedPart {
    const weights = this.#weights.map((weight, index) => [
      `weights/${index}`,
      storedTensor(weight),
    ]);
    return {
      values: { bestEpoch: this.#bestEpoch, wait: this.#wait },
      tensors: {
        best: numbers(this.#best === undefined ? [] : [this.#best]),
        ...(Object.fromEntries(weights) as SavedPart["tensors"]),
      },
    };
  }

  restoreState({ values, tensors }: SavedPart): void {
    this.dispose();
    this.#bestEpoch = values["bestEpoch"] as number;
    this.#wait = values["wait"] as number;
    this.#best = tensors["best"]!.values[0];
    for (let index = 0; ; index += 1) {
      const weight = tensors[`weights/${index}`];
      if (weight === undefined) return;
      this.#weights.push(loadedTensor(weight));
    }
  }

  /** Frees the weights that are kept. */
  dispose(): void {
    tf.dispose(this.#weights);
    this.#weights = [];
  }

  #keepWeights(): void {
    tf.dispose(this.#weights);
    this.#weights = readWeights(this.#model);
  }
}
