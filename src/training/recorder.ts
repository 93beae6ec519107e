/**
 * Collects the logs of tfjs's callbacks for the history and the progress display.
 */
import type { tf } from "../engine/tensorflow";
import {
  numbers,
  type RunPart,
  type SavedPart,
} from "./checkpoints/saved-part";
import { curveName, curvePlace } from "./curve-name";
import { History, type InterruptedEpoch, type TrainingConfig } from "./history";
import { Progress } from "./progress";
import type { TrainingState } from "./training-block";

/** The numbers of a recorder in a checkpoint. */
interface SavedRecord {
  readonly epoch: number;
  readonly step: number;
  readonly samples: number;
  /** Time since the beginning of the epoch in seconds. */
  readonly elapsed: number;
  /** Time since the beginning of the run in seconds. */
  readonly spent: number;
  /** Time between the epochs in seconds; missing in files of earlier versions. */
  readonly between?: number;
  readonly curves: readonly string[];
  readonly sums: readonly string[];
}

/** The record of one training run. */
export class Recorder implements RunPart {
  readonly #config: TrainingConfig;
  readonly #curves: Record<string, number[]> = {};
  readonly #seconds: number[] = [];
  #epoch = 0;
  #step = 0;
  #samples = 0;
  #sums: Record<string, number> = {};
  /** Samples and loss of this epoch that the last state included. */
  #shown = { samples: 0, loss: 0 };
  #began = performance.now();
  #epochBegan = performance.now();
  #epochEnded: number | undefined;
  #secondsBetween = 0;
  #interruptedEpoch: InterruptedEpoch | undefined;
  #restoredEpoch: number | undefined;

  constructor(config: TrainingConfig) {
    this.#config = config;
  }

  /** Time of the run so far in seconds, in all processes that had part in it. */
  get spent(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** The epoch that has begun, from 1. */
  get epoch(): number {
    return this.#epoch;
  }

  beginEpoch(): void {
    this.#epoch += 1;
    this.#step = 0;
    this.#samples = 0;
    this.#sums = {};
    this.#shown = { samples: 0, loss: 0 };
    this.#epochBegan = performance.now();
    if (this.#epochEnded !== undefined) {
      this.#secondsBetween += (this.#epochBegan - this.#epochEnded) / 1000;
    }
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

  /** Returns the epoch's values, or undefined if the epoch is incomplete. */
  endEpoch(
    logs: tf.Logs | undefined,
  ): Readonly<Record<string, number>> | undefined {
    if (this.#samples < this.#config.samples) {
      this.interrupt();
      return undefined;
    }
    this.#seconds.push(this.#elapsed());
    this.#epochEnded = performance.now();
    const entries = Object.entries(logs ?? {})
      .sort(([one], [other]) => curvePlace(one) - curvePlace(other))
      .map(([name, value]) => [curveName(name), value] as const);
    for (const [name] of entries) this.#curves[name] ??= [];
    const values = new Map(entries);
    for (const [name, curve] of Object.entries(this.#curves)) {
      // A callback that adds a curve may be new, or missing, when a run continues.
      while (curve.length < this.#seconds.length - 1) curve.push(NaN);
      curve.push(values.get(name) ?? NaN);
    }
    return Object.fromEntries(entries);
  }

  /** Notes how far the run has come in an epoch that it does not complete. */
  interrupt(): void {
    if (this.#epoch === this.#seconds.length) return;
    this.#interruptedEpoch = { epoch: this.#epoch, steps: this.#step };
  }

  /** Notes that the model has the weights of an earlier epoch. */
  restored(epoch: number): void {
    this.#restoredEpoch = epoch;
  }

  progress(): Progress {
    const means = Object.entries(this.#sums).map(([name, sum]) => [
      curveName(name),
      sum / this.#samples,
    ]);
    return new Progress(this.#config, {
      epoch: Math.max(1, this.#epoch),
      step: this.#step,
      means: Object.fromEntries(means) as Record<string, number>,
      epochSeconds: this.#elapsed(),
      finishedSeconds: this.#seconds,
      secondsBetween: this.#secondsBetween,
    });
  }

  /** Returns the state of the run for its output block. */
  state(): TrainingState {
    const { epochs, samples } = this.#config;
    const loss = this.#sums.loss ?? 0;
    const added = this.#samples - this.#shown.samples;
    const mean = added > 0 ? (loss - this.#shown.loss) / added : undefined;
    this.#shown = { samples: this.#samples, loss };
    return {
      progress: this.progress(),
      trained: Math.max(0, this.#epoch - 1) + this.#samples / samples,
      epochs,
      loss: mean,
      curves: this.#curves,
    };
  }

  history(): History {
    return new History(
      this.#config,
      this.#curves,
      [...this.#seconds],
      this.#interruptedEpoch,
      this.#restoredEpoch,
    );
  }

  save(): SavedPart {
    const curves = Object.entries(this.#curves);
    const sums = Object.entries(this.#sums);
    return {
      values: {
        epoch: this.#epoch,
        step: this.#step,
        samples: this.#samples,
        elapsed: this.#elapsed(),
        spent: this.spent,
        between: this.#secondsBetween,
        curves: curves.map(([name]) => name),
        sums: sums.map(([name]) => name),
      },
      tensors: {
        seconds: numbers(this.#seconds),
        sums: numbers(sums.map(([, sum]) => sum)),
        ...Object.fromEntries(
          curves.map(([, values], index) => [
            `curve-${index}`,
            numbers(values),
          ]),
        ),
      },
    };
  }

  restoreState({ values, tensors }: SavedPart): void {
    const { epoch, step, samples, elapsed, spent, between, curves, sums } =
      values as unknown as SavedRecord;
    this.#secondsBetween = between ?? 0;
    this.#epoch = epoch;
    this.#step = step;
    this.#samples = samples;
    const now = performance.now();
    this.#epochBegan = now - elapsed * 1000;
    this.#began = now - spent * 1000;
    this.#seconds.splice(0, Infinity, ...tensors["seconds"]!.values);
    for (const [index, name] of curves.entries()) {
      this.#curves[name] = [...tensors[`curve-${index}`]!.values];
    }
    const totals = tensors["sums"]!.values;
    this.#sums = Object.fromEntries(
      sums.map((name, index) => [name, totals[index]!]),
    );
    this.#shown = { samples, loss: this.#sums["loss"] ?? 0 };
  }

  #elapsed(): number {
    return (performance.now() - this.#epochBegan) / 1000;
  }
}
