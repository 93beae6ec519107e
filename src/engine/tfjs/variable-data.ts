/**
 * Replaces the field in which a variable has its data.
 *
 * tfjs accesses a variable's data only by `variable.dataId`, which each variable has as a field of
 * its own. An accessor on the prototype takes its place. This is no method and never taken off:
 * variables made meanwhile have no field of their own.
 */
import type { DataId } from "./data";
import { tf } from "./library";

/** Reads and writes the data of variables. */
export interface VariableDataAccess {
  get(variable: tf.Variable): DataId;
  set(variable: tf.Variable, dataId: DataId): void;
}

/** Installs the accessor for variables that are made from now on. */
export function replaceVariableData(access: VariableDataAccess): void {
  Object.defineProperty(tf.Variable.prototype, "dataId", {
    configurable: true,
    get(this: tf.Variable): DataId {
      return access.get(this);
    },
    set(this: tf.Variable, dataId: DataId) {
      access.set(this, dataId);
    },
  });
}

/** Removes the own field of a variable made before, which hides the accessor. */
export function revealVariableData(variable: tf.Variable): void {
  delete (variable as { dataId?: DataId }).dataId;
}
