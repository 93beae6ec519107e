/**
 * Access to the state of tfjs's own engine that is not part of its public interface.
 */
import { tf } from "./library";

/** The members of tfjs's engine and its state that are read; none is changed. */
interface TfjsEngine {
  readonly state: {
    readonly gradientDepth: number;
    readonly profiling: boolean;
    /** Open `tidy` scopes, the innermost last. */
    readonly scopeStack: readonly object[];
    /** Information on the data of all tensors that have not been disposed of. */
    readonly tensorInfo: { has(dataId: object): boolean };
  };
}

/**
 * Whether individual operations are observed: a gradient is being computed, or `tf.profile` or the
 * debug mode is active. Steps must then run operation by operation.
 */
export function isBeingWatched(): boolean {
  const state = engineState();
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
  return engineState().gradientDepth;
}

/** Returns the innermost `tidy` scope; undefined outside of scopes. */
export function activeScope(): object | undefined {
  return engineState().scopeStack.at(-1);
}

/** Whether a scope has not ended yet. */
export function isOpen(scope: object): boolean {
  return engineState().scopeStack.includes(scope);
}

/** Whether tfjs still has the data of a `dataId`. */
export function isTracked(dataId: object): boolean {
  return engineState().tensorInfo.has(dataId);
}

function engineState(): TfjsEngine["state"] {
  return (tf.engine() as unknown as TfjsEngine).state;
}
