/**
 * A callback that reduces the learning rate when a curve no longer improves.
 */
import { checkCount, checkRange, checkShare } from "../../check";
import type { tf } from "../../engine/tensorflow";
import { Monitor, type MonitorMode } from "./monitor";
import { optimizerCallback, type LearningRate } from "./optimizer-callback";

/** Options of {@link reduceLROnPlateau}, named as in Keras. */
export interface ReduceLROnPlateauOptions {
  /** Name of the curve that has to improve; `val_loss` by default. */
  readonly monitor?: string;
  /** Factor by which the rate is multiplied, below 1; 0.1 by default. */
  readonly factor?: number;
  /** Number of epochs without improvement after which the rate is reduced; 10 by default. */
  readonly patience?: number;
  /** Whether to print each reduction, 0 or 1; 0 by default. */
  readonly verbose?: number;
  /** Whether the curve has to fall ("min") or to rise ("max"); "auto", by its name, by default. */
  readonly mode?: MonitorMode;
  /** Smallest change that counts as an improvement; 1e-4 by default. */
  readonly minDelta?: number;
  /** Number of epochs after a reduction that do not count; 0 by default. */
  readonly cooldown?: number;
  /** The rate is not reduced below this; 0 by default. */
  readonly minLr?: number;
}

const owner = "reduceLROnPlateau";

/** The state of a run that continues. */
interface PlateauState {
  readonly best: string | null;
  readonly wait: number;
  readonly cooldown: number;
}

/** Watches the curve of one run after another. */
class Plateau {
  readonly #options: Required<ReduceLROnPlateauOptions>;
  readonly #monitor: Monitor;
  #best: number | undefined;
  #wait = 0;
  #cooldown = 0;

  constructor(options: ReduceLROnPlateauOptions) {
    const { monitor = "val_loss", mode = "auto", minDelta = 1e-4 } = options;
    const { factor = 0.1, patience = 10, cooldown = 0, minLr = 0 } = options;
    const { verbose = 0 } = options;
    checkShare(`${owner}.factor`, factor);
    checkCount(`${owner}.patience`, patience, 0);
    checkCount(`${owner}.cooldown`, cooldown, 0);
    checkRange(`${owner}.minDelta`, minDelta, 0);
    checkRange(`${owner}.minLr`, minLr, 0);
    this.#monitor = new Monitor(owner, { monitor, mode, minDelta });
    this.#options = {
      monitor,
      mode,
      minDelta,
      factor,
      patience,
      cooldown,
      minLr,
      verbose,
    };
  }

  /** What a run depends on. */
  get settings(): Omit<Required<ReduceLROnPlateauOptions>, "verbose"> {
    const { verbose, ...settings } = this.#options;
    void verbose;
    return settings;
  }

  begin(): void {
    this.#best = undefined;
    this.#wait = 0;
    this.#cooldown = 0;
  }

  /** Returns the state for a checkpoint; the best value as text, since JSON has no NaN. */
  save(): PlateauState {
    const best = this.#best === undefined ? null : String(this.#best);
    return { best, wait: this.#wait, cooldown: this.#cooldown };
  }

  /** Sets the state that {@link save} returned. */
  restore({ best, wait, cooldown }: PlateauState): void {
    this.#best = best === null ? undefined : Number(best);
    this.#wait = wait;
    this.#cooldown = cooldown;
  }

  /** Ends an epoch, counted from 0, and reduces the rate if the curve has not improved. */
  endEpoch(epoch: number, logs: tf.Logs, rate: LearningRate): void {
    logs["learning_rate"] = rate.get();
    const value = this.#monitor.valueIn(logs);
    if (this.#cooldown > 0) {
      this.#cooldown -= 1;
      this.#wait = 0;
    }
    if (this.#monitor.isImprovement(value, this.#best)) {
      this.#best = value;
      this.#wait = 0;
    } else if (this.#cooldown === 0) {
      this.#wait += 1;
      if (this.#wait >= this.#options.patience) this.#reduce(epoch, rate);
    }
  }

  #reduce(epoch: number, rate: LearningRate): void {
    const { factor, minLr, cooldown, verbose } = this.#options;
    const before = rate.get();
    if (before <= minLr) return;
    const reduced = Math.max(before * factor, minLr);
    rate.set(reduced);
    this.#cooldown = cooldown;
    this.#wait = 0;
    if (verbose === 0) return;
    console.log(
      `Epoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${reduced}.`,
    );
  }
}

/**
 * Creates a callback for `model.fit` and `fit` that multiplies the learning rate by a factor after
 * a number of epochs in which a curve has not improved. It adds the rate of each epoch to the
 * history as `learning_rate`. Checkpoints contain its state.
 *
 * `options` {@link ReduceLROnPlateauOptions}; without `monitor`, the curve is `val_loss`, which
 * needs validation data. Steps are not compiled again. Throws a RangeError (`ERR_INVALID_VALUE`) if
 * an option breaks its rule. The run ends with a RangeError (`ERR_UNKNOWN_NAME`) if it has no such
 * curve (Keras only warns), and with an Error if the optimizer has a schedule
 * (`ERR_INVALID_STATE`).
 *
 * Source: Keras 3, `ReduceLROnPlateau`.
 */
export function reduceLROnPlateau(
  options: ReduceLROnPlateauOptions = {},
): tf.CustomCallback {
  const plateau = new Plateau(options);
  const callback = optimizerCallback((rate) => ({
    onTrainBegin: async () => plateau.begin(),
    onEpochEnd: async (epoch, logs = {}) => plateau.endEpoch(epoch, logs, rate),
  }));
  // Makes it a callback whose state belongs to checkpoints (training/checkpoints/saved-part.ts).
  return Object.assign(callback, {
    checkpointName: "reduceLROnPlateau",
    checkpointSettings: plateau.settings,
    checkpointState: () => plateau.save(),
    restoreCheckpointState: (state: PlateauState) => plateau.restore(state),
  });
}
