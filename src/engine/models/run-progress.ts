/**
 * How far a run of `model.fit` has come: counts and sums, which change with each batch.
 */
import type { ScalarOutputs } from "../functions/step-definition";
import type { tf } from "../tfjs/library";
import type { ModelSteps } from "./model-steps";
import type { RunPosition } from "./run-keeper";
import { stagesOf, type RunData } from "./step-stages";

/** The parts of a run's plan that its progress depends on. */
interface RunParts extends RunData {
  steps(): ModelSteps;
  readonly samples: number;
  readonly initialEpoch: number;
  readonly labels: readonly string[];
}

/** The progress of one run. */
export class RunProgress {
  readonly #plan: RunParts;
  readonly #history: tf.History;
  /** Number of the epoch, from 0. */
  epoch: number;
  /** Number of its batches that callbacks know of. */
  batch = 0;
  /** Number of samples in these batches. */
  seen = 0;
  /** Sums of loss and metrics over these samples. */
  totals: number[];
  /** Indices of the samples in the order of this epoch. */
  readonly order: Int32Array;
  /** Whether a callback has ended the run at the end of the last epoch. */
  isEnded = false;
  /** Whether the run is between two batches or epochs, and callbacks know of all steps so far. */
  isAtRest = false;
  #continued: RunPosition | undefined;

  constructor(plan: RunParts, history: tf.History) {
    this.#plan = plan;
    this.#history = history;
    this.epoch = plan.initialEpoch;
    this.totals = plan.labels.map(() => 0);
    this.order = Int32Array.from({ length: plan.samples }, (_, index) => index);
  }

  /** Whether the run continues an earlier one. */
  get isContinued(): boolean {
    return this.#continued !== undefined;
  }

  /** Counts a batch. */
  addBatch(values: ScalarOutputs, size: number): void {
    this.batch += 1;
    this.seen += size;
    for (const index of this.totals.keys()) {
      this.totals[index]! += values[index]! * size;
    }
  }

  /** Proceeds to the next epoch. */
  endEpoch(isEnded: boolean): void {
    this.epoch += 1;
    this.batch = 0;
    this.seen = 0;
    this.totals = this.totals.map(() => 0);
    this.isEnded = isEnded;
    this.isAtRest = true;
  }

  /** Proceeds to a position. */
  continueAt(position: RunPosition): void {
    this.#continued = position;
    this.epoch = position.epoch;
    this.batch = position.batch;
    this.seen = position.seen;
    this.totals = [...position.totals];
    this.order.set(position.order);
    this.isEnded = position.isEnded;
  }

  /** Fills tfjs's history, which is empty when a run begins, with the epochs before. */
  fillHistory(): void {
    const { initialEpoch } = this.#plan;
    this.#history.epoch = Array.from(
      { length: this.epoch - initialEpoch },
      (_, index) => initialEpoch + index,
    );
    for (const [name, values] of Object.entries(this.#continued!.curves)) {
      this.#history.history[name] = [...values];
    }
  }

  /** Lets the next step draw the random values that it would have drawn. */
  restoreRandom(): void {
    this.#plan.steps().randomState = this.#continued!.random;
  }

  /** Returns the position; undefined while the run is not at rest. */
  position(): RunPosition | undefined {
    if (!this.isAtRest) return undefined;
    const steps = this.#plan.steps();
    const { epoch, batch, seen, order, totals, isEnded } = this;
    return {
      epoch,
      batch,
      seen,
      order,
      totals,
      isEnded,
      curves: numbersOf(this.#history),
      random: steps.randomState,
      stages: stagesOf(steps, this.#plan),
    };
  }
}

/** Returns the values of a history, which holds scalars until its run has ended. */
function numbersOf({ history }: tf.History): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(history).map(([name, values]) => [
      name,
      values.map((value) =>
        typeof value === "number" ? value : value.dataSync<"float32">()[0]!,
      ),
    ]),
  );
}
