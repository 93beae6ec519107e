/**
 * What is seen while a model is being trained.
 */
import {
  escapeHtml,
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import type { TrainingPlan } from "./history";

/** A moment of a training run. */
export interface TrainingMoment {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Means over the epoch so far, by name. */
  readonly means: Readonly<Record<string, number>>;
  /** Time since this epoch began, in seconds. */
  readonly epochSeconds: number;
  /** Times of the epochs done, validation included, in seconds. */
  readonly finishedSeconds: readonly number[];
}

/** The moment, in one line of text and as HTML with a bar. */
export class Progress implements Displayable {
  readonly #plan: TrainingPlan;
  readonly #moment: TrainingMoment;

  constructor(plan: TrainingPlan, moment: TrainingMoment) {
    this.#plan = plan;
    this.#moment = moment;
  }

  /** Training samples a second in this epoch; 0 before the first step. */
  get samplesPerSecond(): number {
    const { step, epochSeconds } = this.#moment;
    const done = Math.min(step * this.#plan.batchSize, this.#plan.samples);
    return epochSeconds > 0 ? done / epochSeconds : 0;
  }

  /**
   * Estimate of the seconds until the last epoch ends; undefined before the first step.
   *
   * Epochs to come take as long as the mean of those done, validation included. In the first epoch, when no validation
   * was seen yet, its samples are counted as a third of training ones: the forward pass of three passes.
   */
  get secondsLeft(): number | undefined {
    const { epochs, samples, validationSamples } = this.#plan;
    const { epoch, epochSeconds, finishedSeconds } = this.#moment;
    const rate = this.samplesPerSecond;
    if (rate === 0) return undefined;
    const total = finishedSeconds.reduce((sum, value) => sum + value, 0);
    const perEpoch =
      finishedSeconds.length > 0
        ? total / finishedSeconds.length
        : (samples + validationSamples / 3) / rate;
    return Math.max(0, perEpoch * (epochs - epoch + 1) - epochSeconds);
  }

  /** One line, such as `epoch 3/10 · step 512/1,563 · loss 0.9123 · 1,050 samples/s · 1:23 left`. */
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
    return Math.ceil(this.#plan.samples / this.#plan.batchSize);
  }

  #parts(): string[] {
    const { epoch, step, means } = this.#moment;
    const left = this.secondsLeft;
    return [
      `epoch ${epoch}/${this.#plan.epochs}`,
      `step ${count(step)}/${count(this.#steps)}`,
      ...Object.entries(means).map(
        ([name, value]) => `${name} ${value.toFixed(4)}`,
      ),
      `${count(Math.round(this.samplesPerSecond))} samples/s`,
      ...(left === undefined ? [] : [`${clock(left)} left`]),
    ];
  }
}

/** Seconds as minutes and seconds, hours before them if there are any: `1:05`, `2:03:09`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${pad(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
