/**
 * The batches of an epoch, trained one after the other, or several at once if they are short.
 */
import {
  type ScalarOutputs,
  type StepInputs,
} from "../functions/step-definition";
import { LossNotFinite } from "../functions/step-program";
import { variablesOf } from "../tfjs/layer-variable";
import type { ModelInternals } from "../tfjs/model-internals";
import { tf } from "../tfjs/library";
import { lossError } from "./loss-error";
import type { ModelSteps } from "./model-steps";
import { batchScalars, runsOfBatches } from "./run-batches";

/** What to train. */
export interface TrainingPlan {
  readonly model: ModelInternals;
  /**
   * Returns the model's steps; called before each step, because a callback may recompile the model.
   */
  steps(): ModelSteps;
  /** Inputs, labels and sample weights, each with the samples along its first axis. */
  readonly data: StepInputs;
  readonly samples: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly initialEpoch: number;
  /** Whether a callback observes single batches; if none does, several short steps run at once. */
  readonly watchesBatches: boolean;
  /** Whether a loss that is not finite ends the run with an error. */
  readonly stopsAtNonFiniteLoss: boolean;
}

/** Where in an epoch training begins. */
interface EpochPosition {
  /** Number of the epoch, from 0. */
  readonly epoch: number;
  /** Indices of the samples, batch after batch. */
  readonly order: Int32Array;
  /** Number of batches that were trained before. */
  readonly batch: number;
  /** Number of samples in them. */
  readonly seen: number;
}

/** Trains the batches of an epoch, or those that are left of it. */
export class TrainedBatches {
  readonly #plan: TrainingPlan;
  readonly #epoch: number;
  readonly #order: Int32Array;
  readonly #runs: Generator<ScalarOutputs[], void, undefined>;
  /** Loss and metrics of completed batches that have not been returned yet. */
  readonly #done: ScalarOutputs[] = [];
  /** Number of batches of the epoch that are trained and returned. */
  #batch: number;
  /** Whether the batch after those that are done was aborted. */
  #hasFailed = false;

  constructor(plan: TrainingPlan, position: EpochPosition) {
    this.#plan = plan;
    this.#epoch = position.epoch;
    this.#order = position.order;
    this.#batch = position.batch;
    this.#runs = this.#trainBatches(position.seen);
  }

  /** Whether batches after the last one that was returned have been trained. */
  get hasMore(): boolean {
    return this.#done.length > 0;
  }

  /**
   * Returns loss and metrics of the next batch. A batch is trained when it is requested, or
   * together with the previous one.
   *
   * @throws Error `ERR_NOT_FINITE` if its loss is not finite and the plan says so.
   */
  next(): ScalarOutputs {
    const before = this.#weightsBefore();
    try {
      if (this.#done.length === 0 && !this.#hasFailed) this.#train();
      const values = this.#done.shift();
      if (values === undefined) throw this.#error(undefined, undefined);
      if (this.#plan.stopsAtNonFiniteLoss && !Number.isFinite(values[0])) {
        throw this.#error(values[0], before);
      }
      this.#batch += 1;
      return values;
    } finally {
      tf.dispose(before ?? []);
    }
  }

  #train(): void {
    try {
      this.#done.push(...this.#runs.next().value!);
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      // Batches that ran together before the aborted one are returned first.
      this.#done.push(...error.outputs);
      this.#hasFailed = true;
    }
  }

  /**
   * Returns the weights before the first batch of a run if no program, which checks the loss before
   * it changes them, is there to train it.
   */
  #weightsBefore(): tf.Tensor[] | undefined {
    const { model, initialEpoch, stopsAtNonFiniteLoss } = this.#plan;
    const isFirst = this.#epoch === initialEpoch && this.#batch === 0;
    if (!stopsAtNonFiniteLoss || !isFirst) return undefined;
    if (this.#plan.steps().trainGathered.programs > 0) return undefined;
    return variablesOf(model).map((weight) => weight.read().clone());
  }

  #error(
    loss: number | undefined,
    before: readonly tf.Tensor[] | undefined,
  ): Error {
    const { model, data, samples, batchSize } = this.#plan;
    const begin = this.#batch * batchSize;
    return lossError({
      model,
      data,
      indices: this.#order.slice(begin, begin + batchSize),
      epoch: this.#epoch + 1,
      batch: this.#batch + 1,
      batches: Math.ceil(samples / batchSize),
      loss,
      before,
    });
  }

  #trainBatches(seen: number): Generator<ScalarOutputs[], void, undefined> {
    const plan = this.#plan;
    const { model, batchSize, data, epochs, samples } = plan;
    // A run that is about to stop processes one more batch, as in tfjs, not several.
    const runsSingly = plan.watchesBatches || model.stopTraining_;
    const inARow = runsSingly ? 1 : Math.floor(samples / batchSize);
    return runsOfBatches(
      batchScalars,
      () => plan.steps().trainGathered,
      (indices) => plan.steps().trainingInputs([indices, ...data]),
      {
        order: this.#order.subarray(seen),
        batchSize,
        inARow,
        later: (epochs - this.#epoch - 1) * inARow,
      },
    );
  }
}
