/**
 * Placeholders for variables while a step is traced: data without values.
 *
 * The latest values of a variable may be in a program's session. A trace does not need them.
 * Therefore each variable that it reads has a separate `dataId` without values, and assignments of
 * the step are recorded here instead of being executed.
 */
import { noteVariableData } from "../collection";
import type { DataId } from "../tfjs/backend";
import { dataTypeOf } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import {
  addEmptyData,
  copyNative,
  dataOf,
  releaseData,
} from "../tfjs/tensor-data";
import { valueOf } from "../variables/variable-values";

interface Placeholder {
  readonly dataId: DataId;
  assigned: DataId | undefined;
}

/** The placeholders of one trace. */
export class VariablePlaceholders {
  readonly #placeholders = new Map<tf.Variable, Placeholder>();

  /** The data that was assigned to variables. */
  assignedData(): DataId[] {
    return [...this.#placeholders.values()].flatMap(
      ({ assigned }) => assigned ?? [],
    );
  }

  /** Whether a variable's value at the start of the step is referenced beyond the step. */
  get areKept(): boolean {
    return [...this.#placeholders.values()].some(({ dataId, assigned }) => {
      const data = dataOf(dataId);
      return (
        data !== undefined && (assigned !== undefined || data.refCount > 1)
      );
    });
  }

  /**
   * Returns the data that currently represents a variable; `made` is called if it is newly created.
   */
  of(variable: tf.Variable, onCreated: (dataId: DataId) => void): DataId {
    const known = this.#placeholders.get(variable);
    if (known !== undefined) return known.assigned ?? known.dataId;
    const { dtype, shape } = variable;
    const dataId = addEmptyData(shape, dataTypeOf(dtype) ?? 0, dtype);
    this.#placeholders.set(variable, { dataId, assigned: undefined });
    onCreated(dataId);
    return dataId;
  }

  /**
   * Records that a variable was assigned. The caller has released the reference to the previous
   * data.
   */
  assign(variable: tf.Variable, dataId: DataId): void {
    this.#placeholders.get(variable)!.assigned = dataId;
  }

  /** Discards the placeholders: the variables are as they were before the step. */
  drop(): void {
    for (const [variable, { dataId, assigned }] of this.#placeholders) {
      releaseData(assigned ?? dataId);
      if (assigned !== undefined) {
        noteVariableData(variable, valueOf(variable).dataId);
      }
    }
    this.#placeholders.clear();
  }

  /**
   * Assigns values to the placeholders and executes the assignments: the variables are as after the
   * step.
   */
  settle(): void {
    for (const [variable, { dataId, assigned }] of this.#placeholders) {
      const { dtype, shape } = variable;
      const value = valueOf(variable);
      if (assigned === undefined) releaseData(dataId);
      const data = dataOf(dataId);
      if (data !== undefined) {
        value.syncToTfjs();
        data.id = copyNative({ dataId: value.dataId, dtype, shape });
      }
      const own = value.dataId;
      if (assigned === undefined) continue;
      value.assigned(assigned);
      noteVariableData(variable, assigned);
      releaseData(own);
    }
    this.#placeholders.clear();
  }
}
