/**
 * Where the newest value of each variable is.
 *
 * A `tf.Variable` is a name for numbers that tfjs holds. While a compiled step runs again and again, the numbers live in its
 * session instead, where TensorFlow updates them in place, and tfjs's copy grows old. Nobody should notice. So each
 * variable has a *version*, which rises with every change, and each copy remembers the version it has. tfjs reaches a
 * variable's numbers only by `variable.dataId`; that is turned into an accessor here, which fetches the newest numbers
 * when somebody looks, and takes note when somebody assigns.
 */
import type { DataId } from "../tfjs/backend";
import { isTracked } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";

/** A place outside tfjs that may hold the newest value of variables: the session of a compiled step. */
export interface VariableHolder {
  /** Brings all newest values that it holds to tfjs, by {@link VariableValue.arrive}. */
  bringHome(): void;
}

/** Who wants to know when variables are read and assigned: the recorder, while a step runs that it listens to. */
export interface VariableObserver {
  /** A variable is made. */
  made(): void;
  /** A variable is read: the data to be read, undefined for its own. */
  read(variable: tf.Variable): DataId | undefined;
  /** A variable is given other data. Whether the observer has seen to it; if not, it is done. */
  assigned(variable: tf.Variable, dataId: DataId): boolean;
}

/** The versions of one variable. */
export class VariableValue {
  /** Number of changes so far. */
  version = 0;
  /** Version of the copy that tfjs has. */
  #homeVersion = 0;
  #dataId: DataId;
  #holder: VariableHolder | undefined;

  constructor(dataId: DataId) {
    this.#dataId = dataId;
  }

  /** tfjs's copy, whatever its version. */
  get dataId(): DataId {
    return this.#dataId;
  }

  /** Whether tfjs's copy is the newest. */
  get isHome(): boolean {
    return this.#homeVersion === this.version;
  }

  /** Sees to it that tfjs's copy is the newest. */
  comeHome(): void {
    if (!this.isHome) this.#holder!.bringHome();
  }

  /** Somebody gave the variable a new value in tfjs. */
  assigned(dataId: DataId): void {
    this.#dataId = dataId;
    this.version += 1;
    this.#homeVersion = this.version;
    this.#holder = undefined;
  }

  /**
   * A session is about to change the value. Noted before it runs, not after: if an interrupt ends the program in
   * between, the session's copy is still a right one.
   */
  leaveFor(holder: VariableHolder): void {
    this.#holder = holder;
    this.version += 1;
  }

  /** The session has failed to change the value: tfjs's copy, which was the newest before, is so again. */
  returnHome(): void {
    this.#homeVersion = this.version;
    this.#holder = undefined;
  }

  /** Gives tfjs the newest value, as read from the holder. */
  arrive(variable: tf.Variable, value: tf.Tensor): void {
    const { version } = this;
    this.#homeVersion = version;
    silently(() => assign.call(variable, value));
    // The copies are equal: the holder need not be given the value again.
    this.version = version;
    this.#homeVersion = version;
  }
}

/** tfjs's own, whatever a program puts in its place: bringing a value is no assignment of the program's. */
const { assign } = tf.Variable.prototype;

/** Whether assigning to a variable does what it does in tfjs. */
export function isAssignedAsInTfjs(variable: tf.Variable): boolean {
  return variable.assign === assign;
}

const values = new WeakMap<tf.Variable, VariableValue>();

let observer: VariableObserver | undefined;

/** Lets an observer know of reads and assignments, or nobody. */
export function observeVariables(next: VariableObserver | undefined): void {
  observer = next;
}

/** Runs without telling the observer. */
export function silently<Result>(run: () => Result): Result {
  const before = observer;
  observer = undefined;
  try {
    return run();
  } finally {
    observer = before;
  }
}

/** The versions of a variable. */
export function valueOf(variable: tf.Variable): VariableValue {
  const known = values.get(variable);
  if (known !== undefined) return known;
  // Made before the accessor was there: `dataId` is a field of its own, which would hide the accessor.
  const value = new VariableValue(variable.dataId);
  values.set(variable, value);
  delete (variable as { dataId?: DataId }).dataId;
  return value;
}

/** Whether a variable was disposed of, by itself or with all others (`tf.disposeVariables`, which leaves no mark on it). */
export function isGone(variable: tf.Variable): boolean {
  return variable.isDisposed || !isTracked(valueOf(variable).dataId);
}

let followed = false;

/**
 * Puts the accessor in place, once and for good, for variables there are and variables to come.
 *
 * It stays when the engine is switched off, for the sake of variables whose newest value is in a session.
 */
export function followVariables(): void {
  if (followed) return;
  followed = true;
  Object.defineProperty(tf.Variable.prototype, "dataId", {
    configurable: true,
    get(this: tf.Variable): DataId {
      const seen = observer?.read(this);
      if (seen !== undefined) return seen;
      const value = values.get(this)!;
      if (!value.isHome) value.comeHome();
      return value.dataId;
    },
    set(this: tf.Variable, dataId: DataId) {
      const value = values.get(this);
      if (value === undefined) {
        observer?.made();
        values.set(this, new VariableValue(dataId));
      } else if (!observer?.assigned(this, dataId)) value.assigned(dataId);
    },
  });
  for (const variable of Object.values(tf.engine().registeredVariables)) {
    valueOf(variable);
  }
}
