/**
 * What stands for variables while a step is traced: data without numbers.
 *
 * The newest numbers of a variable may be in a program's session. A trace does not need them, so each variable that it reads gets a
 * `dataId` of its own that has none, and what the step assigns is noted here instead of being done.
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

interface StandIn {
  readonly dataId: DataId;
  assigned: DataId | undefined;
}

/** The stand-ins of one trace. */
export class VariableStandIns {
  readonly #standIns = new Map<tf.Variable, StandIn>();

  /** The data that variables were given. */
  assignedData(): DataId[] {
    return [...this.#standIns.values()].flatMap(
      ({ assigned }) => assigned ?? [],
    );
  }

  /** Whether a variable's value at the step's beginning is kept beyond the step. */
  get areKept(): boolean {
    return [...this.#standIns.values()].some(({ dataId, assigned }) => {
      const data = dataOf(dataId);
      return (
        data !== undefined && (assigned !== undefined || data.refCount > 1)
      );
    });
  }

  /** The data that stands for a variable now; `made` is called with data that is new. */
  of(variable: tf.Variable, made: (dataId: DataId) => void): DataId {
    const known = this.#standIns.get(variable);
    if (known !== undefined) return known.assigned ?? known.dataId;
    const { dtype, shape } = variable;
    const dataId = addEmptyData(shape, dataTypeOf(dtype) ?? 0, dtype);
    this.#standIns.set(variable, { dataId, assigned: undefined });
    made(dataId);
    return dataId;
  }

  /** Notes that a variable was given other data. Whoever assigns has taken the reference to the data before away. */
  assign(variable: tf.Variable, dataId: DataId): void {
    this.#standIns.get(variable)!.assigned = dataId;
  }

  /** Takes the stand-ins away: the variables are as they were before the step. */
  drop(): void {
    for (const [variable, { dataId, assigned }] of this.#standIns) {
      releaseData(assigned ?? dataId);
      if (assigned !== undefined) {
        noteVariableData(variable, valueOf(variable).dataId);
      }
    }
    this.#standIns.clear();
  }

  /** Gives the stand-ins numbers and does what was assigned: the variables are as the step has left them. */
  settle(): void {
    for (const [variable, { dataId, assigned }] of this.#standIns) {
      const { dtype, shape } = variable;
      const value = valueOf(variable);
      if (assigned === undefined) releaseData(dataId);
      const data = dataOf(dataId);
      if (data !== undefined) {
        value.comeHome();
        data.id = copyNative({ dataId: value.dataId, dtype, shape });
      }
      const own = value.dataId;
      if (assigned === undefined) continue;
      value.assigned(assigned);
      noteVariableData(variable, assigned);
      releaseData(own);
    }
    this.#standIns.clear();
  }
}
