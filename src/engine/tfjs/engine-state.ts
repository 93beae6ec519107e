/**
 * Access to tfjs's own engine beyond its public interface.
 *
 * All packages of tfjs share one engine. It counts tensors, holds them in scopes (`tf.tidy`),
 * records gradients, and has the variables by name. `collection/index.ts` says what each member is
 * needed for that is replaced.
 */
import type { DataId } from "./data";
import { tf } from "./library";

/** The fields of a tensor that are read when it is disposed of. */
export interface TensorRecord {
  readonly dataId: DataId;
  readonly dtype: tf.DataType;
  readonly size: number;
}

/** A tensor or a variable, with the scope that holds it, if any. */
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

/** The state of tfjs's engine. */
export interface TfjsEngineState {
  readonly numBytes: number;
  /** Number of data; several tensors may share one. */
  numDataBuffers: number;
  /** Number of nested gradients being computed. */
  gradientDepth: number;
  /** Number of nested operations being run. */
  kernelDepth: number;
  profiling: boolean;
  /** Open scopes, the innermost last. */
  readonly scopeStack: Scope[];
  activeScope?: Scope | null;
  activeTape?: unknown[] | null;
  registeredVariables: NamedVariables;
  /** Information on the data of all tensors that have not been disposed of. */
  readonly tensorInfo: {
    has(dataId: DataId): boolean;
    set(dataId: DataId, info: object): void;
    delete(dataId: DataId): boolean;
  };
}

/** The members of tfjs's engine that are read, called or replaced. */
export interface TfjsEngine {
  /** Replaced as a whole by `reset`. */
  readonly state: TfjsEngineState;
  backendName: string;
  backendInstance: unknown;
  trackTensor(tensor: TrackedTensor, backend?: unknown): void;
  disposeTensor(tensor: TensorRecord): void;
  endScope(result?: unknown): void;
  gradients(...parameters: readonly unknown[]): unknown;
  read(dataId: DataId): Promise<unknown>;
  reset(): void;
  removeDataId(dataId: DataId, backend: unknown): void;
  makeTensorFromTensorInfo(info: tf.TensorInfo): tf.Tensor;
}

/** Returns tfjs's engine. */
export function tfjsEngine(): TfjsEngine {
  return tf.engine() as unknown as TfjsEngine;
}

/**
 * Whether individual operations are observed: a gradient is being computed, or `tf.profile` or the
 * debug mode is active. Steps must then run operation by operation.
 */
export function isBeingWatched(): boolean {
  const { state } = tfjsEngine();
  return (
    state.gradientDepth > 0 || state.profiling || tf.env().getBool("DEBUG")
  );
}

/**
 * Returns the number of nested gradients being computed. It is 1 in a function whose gradient is
 * computed. In the code of a gradient, it counts the gradients around it: if it is above 0, that
 * code is itself differentiated.
 */
export function gradientDepth(): number {
  return tfjsEngine().state.gradientDepth;
}

/** Returns the innermost `tidy` scope; undefined outside of scopes. */
export function activeScope(): object | undefined {
  return tfjsEngine().state.scopeStack.at(-1);
}

/** Whether a scope has not ended yet. */
export function isOpen(scope: object): boolean {
  return tfjsEngine().state.scopeStack.includes(scope as Scope);
}

/** Whether tfjs still has the data of a `dataId`. */
export function isTracked(dataId: DataId): boolean {
  return tfjsEngine().state.tensorInfo.has(dataId);
}

/** Returns the variable of a name; undefined if there is none. */
export function variableOf(name: string): tf.Variable | undefined {
  return tf.engine().registeredVariables[name];
}

/** Returns all variables that tfjs has by name. */
export function allVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables);
}
