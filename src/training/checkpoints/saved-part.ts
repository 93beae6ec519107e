/**
 * Parts of a run that save their own state, such as early stopping.
 */
import type { Json } from "./run-identity";
import type { StoredTensor } from "./tensor-file";

/** The state of one part. Numbers that may be infinite or NaN belong into a tensor. */
export interface SavedPart {
  readonly values: { readonly [name: string]: Json };
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}

/** A part of a run. */
export interface RunPart {
  /** Returns its state between two batches or epochs. */
  save(): SavedPart;
  /** Sets the state that {@link save} returned. Called before the next step. */
  restoreState(saved: SavedPart): void;
}

/** Returns numbers as a tensor of float64. */
export function numbers(values: readonly number[]): StoredTensor {
  return { shape: [values.length], values: Float64Array.from(values) };
}

/**
 * A callback object whose state belongs to checkpoints, such as a schedule that waits for a curve
 * to improve.
 */
export interface StatefulCallback {
  /**
   * Returns the state between two batches or epochs: a value that JSON can represent. NaN and
   * infinite numbers become null there.
   */
  checkpointState(): unknown;
  /** Sets the state that {@link checkpointState} returned. Called before the next step. */
  restoreCheckpointState(state: unknown): void;
}

/** Returns the callbacks that have a state, as parts of the run by their places in the list. */
export function partsOf(callbacks: readonly object[]): [string, RunPart][] {
  return callbacks.flatMap((callback, index): [string, RunPart][] => {
    if (!hasState(callback)) return [];
    const part: RunPart = {
      save: () => ({
        values: { state: callback.checkpointState() as Json },
        tensors: {},
      }),
      restoreState: ({ values }) =>
        callback.restoreCheckpointState(values["state"]),
    };
    return [[`callback-${index}`, part]];
  });
}

function hasState(callback: object): callback is StatefulCallback {
  const { checkpointState, restoreCheckpointState } =
    callback as Partial<StatefulCallback>;
  return [checkpointState, restoreCheckpointState].every(
    (method) => typeof method === "function",
  );
}
