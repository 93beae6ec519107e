/**
 * The interface between the training loop and the object that saves a run's state, so that another
 * process can continue the run.
 */
import type { StreamState } from "../layers/randomness";
import type { tf } from "../tfjs/library";
import type { ModelInternals } from "../tfjs/model-internals";
import type { RunData, StepStages } from "./step-stages";

/** Where a run is, between two batches: with the model's state, all it needs to continue. */
export interface RunPosition {
  /** Number of the epoch, from 0. */
  readonly epoch: number;
  /** Number of its batches that are done; 0 before it has begun. */
  readonly batch: number;
  /** Number of its samples that are done. */
  readonly seen: number;
  /** Order of the samples in this epoch; before it has begun, in the last one. */
  readonly order: Int32Array;
  /** Sums of loss and metrics over the samples of the epoch that are done. */
  readonly totals: readonly number[];
  /** Logs of the completed epochs by name, as in tfjs's history. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  readonly random: StreamState;
  readonly stages: StepStages;
  /** Whether a callback has ended the run at the end of the last epoch. */
  readonly isEnded: boolean;
}

/** A run, as its keeper sees it. */
export interface KeptRun extends RunData {
  readonly model: ModelInternals;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly shuffle: boolean;
  readonly callbacks: readonly tf.Callback[];
  /** Names of loss and metrics. */
  readonly labels: readonly string[];
  /** Numbers of the epoch and of its batches that are done, which change during the run. */
  readonly progress: { readonly epoch: number; readonly batch: number };
  /** Returns where the run is; undefined while it is not between two batches. */
  position(): RunPosition | undefined;
}

/** Keeps the state of one run after another. */
export interface RunKeeper {
  /**
   * Called before a run. Returns where it continues; undefined for the beginning. The run then
   * repeats its first steps, so that they are compiled, and calls {@link restore}.
   */
  begin(run: KeptRun): Promise<RunPosition | undefined>;
  /** Gives the model the values that belong to the position. */
  restore(): void;
  /** Called between batches. */
  betweenBatches(): Promise<void>;
  /** Called after an epoch's callbacks, and after a run was stopped within an epoch. */
  save(): Promise<void>;
  /** Called after a run, including one that failed. */
  end(): Promise<void>;
}

const keepers = new WeakMap<object, RunKeeper>();

/** Attaches a keeper to a callback, through which `model.fit` receives it. */
export function attachKeeper(callback: object, keeper: RunKeeper): void {
  keepers.set(callback, keeper);
}

/** Returns the keeper of a run with these callbacks. */
export function keeperOf(
  callbacks: readonly tf.Callback[],
): RunKeeper | undefined {
  for (const callback of callbacks) {
    const keeper = keepers.get(callback);
    if (keeper !== undefined) return keeper;
  }
  return undefined;
}
