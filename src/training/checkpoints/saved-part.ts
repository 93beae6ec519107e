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
