/**
 * The progress display of a training run.
 */
import { escapeHtml } from "../notebook/html";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { count } from "../notebook/quantity";
import { clock } from "../notebook/clock";
import type { TrainingConfig } from "./history";

/** The state of a training run at one moment. */
export interface TrainingMoment {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of steps done in this epoch. */
  readonly step: number;
  /** Means over the epoch so far, by metric name. */
  readonly means: Readonly<Record<string, number>>;
  /** Time since the start of this epoch, in seconds. */
  readonly epochSeconds: number;
  /** Times of the completed epochs in seconds, including validation. */
  readonly finishedSeconds: readonly number[];
  /** Total time between the epochs in seconds: `onEpochEnd` and what follows it. */
  readonly secondsBetween: number;
}

/** Progress as a line of text, and as HTML with a progress bar. */
export class Progress implements Displayable {
  readonly #config: TrainingConfig;
  readonly #moment: TrainingMoment;

  constructor(config: TrainingConfig, moment: TrainingMoment) {
    this.#config = config;
    this.#moment = moment;
  }

  /** Training samples per second in this epoch; 0 before the first step. */
  get samplesPerSecond(): number {
    const { step, epochSeconds } = this.#moment;
    const done = Math.min(step * this.#config.batchSize, this.#config.samples);
    return epochSeconds > 0 ? done / epochSeconds : 0;
  }

  /**
   * Estimated seconds until the last epoch ends; undefined before the first step.
   *
   * Each remaining epoch is assumed to take the mean time of the completed ones, including
   * validation and the time before the next epoch. In the first epoch, before any validation, a
   * validation sample counts as a third of a training sample: one forward pass of three passes.
   */
  get secondsLeft(): number | undefined {
    const { epochs, samples, validationSamples } = this.#config;
    const { epoch, epochSeconds, finishedSeconds, secondsBetween } =
      this.#moment;
    const rate = this.samplesPerSecond;
    if (rate === 0) return undefined;
    const total = finishedSeconds.reduce(
      (sum, value) => sum + value,
      secondsBetween,
    );
    const perEpoch =
      finishedSeconds.length > 0
        ? total / finishedSeconds.length
        : (samples + validationSamples / 3) / rate;
    return Math.max(0, perEpoch * (epochs - epoch + 1) - epochSeconds);
  }

  /**
   * Returns one line, such as `epoch 3/10 · step 512/1,563 · loss 0.9123 · 1,050 samples/s · 1:23
   * left`.
   */
  toString(): string {
    return this.#parts().join(" · ");
  }

  [jupyterDisplay](): MimeBundle {
    const { step } = this.#moment;
    const line = escapeHtml(this.toString());
    return {
      "text/plain": this.toString(),
      "text/html": `<div class="convnotes-progress"><progress max="${this.#steps}" value="${step}"></progress> ${line}</div>`,
    };
  }

  get #steps(): number {
    return Math.ceil(this.#config.samples / this.#config.batchSize);
  }

  #parts(): string[] {
    const { epoch, step, means } = this.#moment;
    const left = this.secondsLeft;
    return [
      `epoch ${epoch}/${this.#config.epochs}`,
      `step ${count(step)}/${count(this.#steps)}`,
      ...Object.entries(means).map(
        ([name, value]) => `${name} ${value.toFixed(4)}`,
      ),
      `${count(Math.round(this.samplesPerSecond))} samples/s`,
      ...(left === undefined ? [] : [`${clock(left)} left`]),
    ];
  }
}
