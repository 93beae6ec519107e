/**
 * Types of tfjs's engine as used by the collector.
 *
 * tfjs declares some of these members as private or not at all. `index.ts` lists what each is
 * needed for.
 */
import type { DataId } from "../tfjs/backend";
import { tf } from "../tfjs/library";

/** The fields of a tensor that tfjs's bookkeeping reads on disposal. */
export interface TensorRecord {
  readonly dataId: DataId;
  readonly dtype: tf.DataType;
  readonly size: number;
}

/** A tensor or a variable, with the scope (`tf.tidy`) that holds it, if any. */
export interface TrackedTensor extends TensorRecord {
  readonly isDisposed: boolean;
  /** Set by `tf.keep`: scopes neither dispose of the tensor nor hold it after their end. */
  readonly kept: boolean;
  /** The number of the last scope that held the tensor; never set on variables. */
  readonly scopeId?: number;
}

/** A scope opened by `tf.tidy` or by an operation; it holds the tensors created in it. */
export interface Scope {
  readonly id: number;
  readonly track: readonly TrackedTensor[];
}

/** Variables by name; a plain object in tfjs. */
export type NamedVariables = Record<string, tf.Variable>;

/** The part of the engine's state that counts, names or holds tensors. */
export interface TrackingState {
  readonly numBytes: number;
  readonly gradientDepth: number;
  readonly activeScope?: Scope | null;
  activeTape?: unknown[] | null;
  registeredVariables: NamedVariables;
}

/** The engine's methods for creating and disposing of tensors. */
export interface TrackingEngine {
  /** Replaced as a whole by `reset`. */
  readonly state: TrackingState;
  trackTensor(tensor: TrackedTensor, backend?: unknown): void;
  disposeTensor(tensor: TensorRecord): void;
  endScope(result?: unknown): void;
  gradients(...parameters: readonly unknown[]): unknown;
  read(dataId: DataId): Promise<unknown>;
  reset(): void;
}

/**
 * Returns the engine that all tfjs packages share.
 *
 * @returns The engine.
 */
export function trackingEngine(): TrackingEngine {
  return tf.engine();
}
