/**
 * The tfjs engine as the collector sees it.
 *
 * tfjs types some of these members as private or not at all, so they are written down here, once.
 * `index.ts` says what each of them is needed for.
 */
import type { DataId } from "../tfjs/backend";
import { tf } from "../tfjs/library";

/** What tfjs's bookkeeping reads of a tensor when it gives the tensor back. */
export interface TensorRecord {
  readonly dataId: DataId;
  readonly dtype: tf.DataType;
  readonly size: number;
}

/** A tensor or a variable, with the scope (`tf.tidy`) that holds it, if one does. */
export interface TrackedTensor extends TensorRecord {
  readonly isDisposed: boolean;
  /** Set by `tf.keep`: scopes neither dispose the tensor nor hold it after their end. */
  readonly kept: boolean;
  /** The number of the last scope that took hold of it; never set on variables. */
  readonly scopeId?: number;
}

/** A scope opened by `tf.tidy` or by an operation; it holds the tensors made in it. */
export interface Scope {
  readonly id: number;
  readonly track: readonly TrackedTensor[];
}

/** Variables by name, a plain object in tfjs. */
export type NamedVariables = Record<string, tf.Variable>;

/** The engine's state that counts, names or holds tensors. */
export interface TrackingState {
  readonly numBytes: number;
  readonly gradientDepth: number;
  readonly activeScope?: Scope | null;
  activeTape?: unknown[] | null;
  registeredVariables: NamedVariables;
}

/** The engine's methods through which every tensor comes and goes. */
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
 * The one engine that all of tfjs's packages share.
 *
 * @returns The engine.
 */
export function trackingEngine(): TrackingEngine {
  return tf.engine() as unknown as TrackingEngine;
}
