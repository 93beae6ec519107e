/**
 * Tracks where the latest value of each variable is.
 *
 * A `tf.Variable` is a name for data in tfjs. While a compiled step runs repeatedly, the data is in
 * its session instead, where TensorFlow updates it in place, and tfjs's copy becomes outdated. This
 * must be invisible. Therefore each variable has a *version*, which increases with every change,
 * and each copy has the version it was made from. tfjs accesses a variable's data only by
 * `variable.dataId`. It is replaced by an accessor, which fetches the latest value on reading and
 * records assignments.
 */
import { runtime } from "../engine-runtime";
import type { DataId } from "../tfjs/data";
import { allVariables, isTracked } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { once } from "../tfjs/once";
import { replaceVariableData, revealVariableData } from "../tfjs/variable-data";
import type { VariableObserver } from "./variable-observer";

/**
 * Storage outside of tfjs that may have the latest value of variables: the session of a compiled
 * step.
 */
export interface VariableHolder {
  /** Copies all latest values that it holds to tfjs, by {@link VariableValue.receive}. */
  syncToTfjs(): void;
}

/** The versions of one variable. */
class VariableValue {
  /** Number of changes so far. */
  version = 0;
  /** Version of tfjs's copy. */
  #tfjsVersion = 0;
  #dataId: DataId;
  #holder: VariableHolder | undefined;

  constructor(dataId: DataId) {
    this.#dataId = dataId;
  }

  /** Data of tfjs's copy, whatever its version. */
  get dataId(): DataId {
    return this.#dataId;
  }

  /** Whether tfjs's copy is the latest. */
  get isInTfjs(): boolean {
    return this.#tfjsVersion === this.version;
  }

  /** Ensures that tfjs's copy is the latest. */
  syncToTfjs(): void {
    if (!this.isInTfjs) this.#holder!.syncToTfjs();
  }

  /** Records that the variable was assigned a new value in tfjs. */
  assigned(dataId: DataId): void {
    this.#dataId = dataId;
    this.version += 1;
    this.#tfjsVersion = this.version;
    this.#holder = undefined;
  }

  /**
   * Records that a session is about to change the value. It is recorded before the run, not after
   * it: if an interrupt ends the program in between, the session's copy is still correct.
   */
  moveTo(holder: VariableHolder): void {
    this.#holder = holder;
    this.version += 1;
  }

  /** Records that the session failed to change the value: tfjs's copy is the latest again. */
  revertToTfjs(): void {
    this.#tfjsVersion = this.version;
    this.#holder = undefined;
  }

  /** Updates tfjs's copy to the latest value, as read from the holder. */
  receive(variable: tf.Variable, value: tf.Tensor): void {
    const { version } = this;
    this.#tfjsVersion = version;
    withoutObserver(() => assign.call(variable, value));
    // The copies are equal, so the holder need not receive the value again.
    this.version = version;
    this.#tfjsVersion = version;
  }
}

/**
 * tfjs's own method, even if user code replaces it: syncing a value is not an assignment by the
 * user.
 */
const { assign } = tf.Variable.prototype;

/** Whether assigning to a variable has tfjs's effect only. */
export function isAssignedAsInTfjs(variable: tf.Variable): boolean {
  return variable.assign === assign;
}

const values = new WeakMap<tf.Variable, VariableValue>();

/** Sets the observer of reads and assignments; undefined removes it. */
export function observeVariables(next: VariableObserver | undefined): void {
  runtime.variableObserver = next;
}

/** Runs a function without notifying the observer. */
export function withoutObserver<Result>(run: () => Result): Result {
  const before = runtime.variableObserver;
  runtime.variableObserver = undefined;
  try {
    return run();
  } finally {
    runtime.variableObserver = before;
  }
}

/** Returns the versions of a variable. */
export function valueOf(variable: tf.Variable): VariableValue {
  const known = values.get(variable);
  if (known !== undefined) return known;
  // The variable was created before the accessor was installed: `dataId` is an own property, which
  // would hide the accessor.
  const value = new VariableValue(variable.dataId);
  values.set(variable, value);
  revealVariableData(variable);
  return value;
}

/**
 * Whether a variable was disposed of, individually or with all others (`tf.disposeVariables`, which
 * does not mark it as disposed).
 */
export function isVariableDisposed(variable: tf.Variable): boolean {
  return variable.isDisposed || !isTracked(valueOf(variable).dataId);
}

/**
 * Tracks existing and future variables from the first call on.
 *
 * They are tracked while the engine is off too, for variables whose latest value is in a session.
 */
export const trackVariables = once(() => {
  replaceVariableData({
    get(variable) {
      const seen = runtime.variableObserver?.read(variable);
      if (seen !== undefined) return seen;
      const value = values.get(variable)!;
      if (!value.isInTfjs) value.syncToTfjs();
      return value.dataId;
    },
    set(variable, dataId) {
      const { variableObserver } = runtime;
      const value = values.get(variable);
      if (value === undefined) {
        variableObserver?.created();
        values.set(variable, new VariableValue(dataId));
      } else if (!variableObserver?.assigned(variable, dataId)) {
        value.assigned(dataId);
      }
    },
  });
  for (const variable of allVariables()) valueOf(variable);
});
