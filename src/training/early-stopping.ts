/**
 * Early stopping: ends a training run when a curve no longer improves.
 */
import { checkCount, checkRange } from "../check";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { loadedTensor, storedTensor } from "./checkpoints/model-state";
import {
  numbers,
  type RunPart,
  type SavedPart,
} from "./checkpoints/saved-part";

/** Options of early stopping, named as in Keras's `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /** Number of epochs without improvement after which training ends. */
  readonly patience: number;
  /**
   * Name of the curve that has to improve; `val_loss` by default. Names that contain `loss` have to
   * fall, others to rise.
   */
  readonly monitor?: string;
  /** Smallest change that counts as an improvement; 0 by default. */
  readonly minDelta?: number;
  /** Whether the model gets the weights of its best epoch back; true by default. */
  readonly restoreBestWeights?: boolean;
}

/** Watches one training run. */
export class EarlyStopping implements RunPart {
  readonly #model: tf.LayersModel;
  readonly #options: Required<EarlyStoppingOptions>;
  #best: number | undefined;
  #bestEpoch = 0;
  #weights: tf.Tensor[] = [];

  /**
   * @throws RangeError `ERR_INVALID_VALUE` if `patience` is not a positive integer or `minDelta` is
   *   negative.
   */
  constructor(model: tf.LayersModel, options: EarlyStoppingOptions) {
    const { patience, monitor = "val_loss", minDelta = 0 } = options;
    const { restoreBestWeights = true } = options;
    checkCount("earlyStopping.patience", patience);
    checkRange("earlyStopping.minDelta", minDelta, 0);
    this.#model = model;
    this.#options = { patience, monitor, minDelta, restoreBestWeights };
  }

  /**
   * Notes the values of an epoch, and returns whether training should end.
   *
   * @throws RangeError `ERR_UNKNOWN_NAME` if there is no curve of the monitored name.
   */
  isDone(epoch: number, values: Readonly<Record<string, number>>): boolean {
    const { monitor, minDelta, patience, restoreBestWeights } = this.#options;
    const value = values[monitor];
    if (value === undefined) {
      throw coded(
        "ERR_UNKNOWN_NAME",
        new RangeError(
          `Expected \`earlyStopping.monitor\` to be a curve of this run (${Object.keys(values).join(", ")}), received "${monitor}"`,
        ),
      );
    }
    const gain =
      this.#best === undefined
        ? Infinity
        : monitor.includes("loss")
          ? this.#best - value
          : value - this.#best;
    if (gain > minDelta) {
      this.#best = value;
      this.#bestEpoch = epoch;
      if (restoreBestWeights) this.#keepWeights();
    }
    return epoch - this.#bestEpoch >= patience;
  }

  /**
   * Gives the model the weights of its best epoch, if they are kept.
   *
   * @returns The epoch, from 1; undefined if the weights were not changed.
   */
  restore(): number | undefined {
    if (this.#weights.length === 0) return undefined;
    this.#model.setWeights(this.#weights);
    return this.#bestEpoch;
  }

  save(): SavedPart {
    const weights = this.#weights.map((weight, index) => [
      `weights/${index}`,
      storedTensor(weight),
    ]);
    return {
      values: { bestEpoch: this.#bestEpoch },
      tensors: {
        best: numbers(this.#best === undefined ? [] : [this.#best]),
        ...(Object.fromEntries(weights) as SavedPart["tensors"]),
      },
    };
  }

  restoreState({ values, tensors }: SavedPart): void {
    this.dispose();
    this.#bestEpoch = values["bestEpoch"] as number;
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
    this.#weights = this.#model.getWeights().map((weight) => weight.clone());
  }
}
