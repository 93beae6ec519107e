/**
 * Parts of a run that save their own state, such as early stopping.
 */
import type { StoredTensor } from "./tensor-file";

/** Values as JSON has them. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

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
  /** A name that is the same in each run; by default, the callback's place in the list. */
  readonly checkpointName?: string;
  /** Settings, as JSON can represent them, that must be equal for a run to continue. */
  readonly checkpointSettings?: unknown;
  /**
   * Returns the state between two batches or epochs: a value that JSON can represent. NaN and
   * infinite numbers become null there.
   */
  checkpointState(): unknown;
  /** Sets the state that {@link checkpointState} returned. Called before the next step. */
  restoreCheckpointState(state: unknown): void;
}

/** Returns the callbacks that have a state, as parts of the run by their names or places. */
export function partsOf(callbacks: readonly object[]): [string, RunPart][] {
  return named(callbacks).map(([name, callback]) => {
    const part: RunPart = {
      save: () => ({
        values: { state: callback.checkpointState() as Json },
        tensors: {},
      }),
      restoreState: ({ values }) =>
        callback.restoreCheckpointState(values["state"]),
    };
    return [`callback-${name}`, part];
  });
}

/** Returns the settings of the callbacks that must be equal for a run to continue. */
export function callbackSettings(callbacks: readonly object[]): {
  callbacks?: Json;
} {
  const settings = named(callbacks)
    .filter(([, callback]) => callback.checkpointSettings !== undefined)
    .map(([name, callback]) => [name, callback.checkpointSettings as Json]);
  return settings.length > 0
    ? { callbacks: Object.fromEntries(settings) as Json }
    : {};
}

/** Returns the callbacks that have a state by different names. */
function named(
  callbacks: readonly object[],
): (readonly [name: string, callback: StatefulCallback])[] {
  const uses = new Map<string, number>();
  return callbacks.flatMap((callback, index) => {
    if (!hasState(callback)) return [];
    const name = callback.checkpointName ?? String(index);
    const use = uses.get(name) ?? 0;
    uses.set(name, use + 1);
    return [[use === 0 ? name : `${name}-${use}`, callback] as const];
  });
}

function hasState(callback: object): callback is StatefulCallback {
  const { checkpointState, restoreCheckpointState } =
    callback as Partial<StatefulCallback>;
  return [checkpointState, restoreCheckpointState].every(
    (method) => typeof method === "function",
  );
}
