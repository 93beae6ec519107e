/**
 * What is asked of tfjs's own engine, beside its public interface.
 */
import { tf } from "./library";

/** The members of tfjs's engine and its state that are read; none is changed. */
interface TfjsEngine {
  readonly state: {
    readonly gradientDepth: number;
    readonly profiling: boolean;
    /** Open `tidy` scopes, the innermost last. */
    readonly scopeStack: readonly object[];
    /** What is known of the data of all tensors that have not been disposed of. */
    readonly tensorInfo: { has(dataId: object): boolean };
  };
}

/**
 * Whether somebody watches the single operations: a gradient that is being taken, `tf.profile`, or the debug mode. What
 * runs then must run operation by operation.
 */
export function isBeingWatched(): boolean {
  const state = engineState();
  return (
    state.gradientDepth > 0 || state.profiling || tf.env().getBool("DEBUG")
  );
}

/**
 * Gradients that are being taken, one within the other. Asked in a function whose gradient is taken it is 1, asked in a
 * gradient's own code it counts those around it: above 0, what that code does is itself differentiated.
 */
export function gradientDepth(): number {
  return engineState().gradientDepth;
}

/** The innermost `tidy` scope, undefined outside of any. */
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
