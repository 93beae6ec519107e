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
import type { DataId } from "../tfjs/backend";
import { isTracked } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";

/**
 * Storage outside of tfjs that may have the latest value of variables: the session of a compiled
 * step.
 */
export interface VariableHolder {
  /** Copies all latest values that it holds to tfjs, by {@link VariableValue.receive}. */
  syncToTfjs(): void;
}

/** Notified when variables are read and assigned: the recorder, while it records a step. */
interface VariableObserver {
  /** A variable is created. */
  created(): void;
  /** A variable is read; returns the data to read, or undefined for its own data. */
  read(variable: tf.Variable): DataId | undefined;
  /** A variable is assigned. Returns whether the observer has handled the assignment. */
  assigned(variable: tf.Variable, dataId: DataId): boolean;
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

let observer: VariableObserver | undefined;

/** Sets the observer of reads and assignments; undefined removes it. */
export function observeVariables(next: VariableObserver | undefined): void {
  observer = next;
}

/** Runs a function without notifying the observer. */
export function withoutObserver<Result>(run: () => Result): Result {
  const before = observer;
  observer = undefined;
  try {
    return run();
  } finally {
    observer = before;
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
  delete (variable as { dataId?: DataId }).dataId;
  return value;
}

/**
 * Whether a variable was disposed of, individually or with all others (`tf.disposeVariables`, which
 * does not mark it as disposed).
 */
export function isVariableDisposed(variable: tf.Variable): boolean {
  return variable.isDisposed || !isTracked(valueOf(variable).dataId);
}

let isTracking = false;

/**
 * Installs the accessor, permanently, for existing and future variables.
 *
 * It remains when the engine is switched off, for variables whose latest value is in a session.
 */
export function trackVariables(): void {
  if (isTracking) return;
  isTracking = true;
  Object.defineProperty(tf.Variable.prototype, "dataId", {
    configurable: true,
    get(this: tf.Variable): DataId {
      const seen = observer?.read(this);
      if (seen !== undefined) return seen;
      const value = values.get(this)!;
      if (!value.isInTfjs) value.syncToTfjs();
      return value.dataId;
    },
    set(this: tf.Variable, dataId: DataId) {
      const value = values.get(this);
      if (value === undefined) {
        observer?.created();
        values.set(this, new VariableValue(dataId));
      } else if (!observer?.assigned(this, dataId)) value.assigned(dataId);
    },
  });
  for (const variable of Object.values(tf.engine().registeredVariables)) {
    valueOf(variable);
  }
}
