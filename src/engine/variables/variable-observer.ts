/**
 * What is notified when variables are read and assigned.
 */
import type { DataId } from "../tfjs/data";
import type { tf } from "../tfjs/library";

/** Notified when variables are read and assigned: the recorder, while it records a step. */
export interface VariableObserver {
  /** A variable is created. */
  created(): void;
  /** A variable is read; returns the data to read, or undefined for its own data. */
  read(variable: tf.Variable): DataId | undefined;
  /** A variable is assigned. Returns whether the observer has handled the assignment. */
  assigned(variable: tf.Variable, dataId: DataId): boolean;
}
