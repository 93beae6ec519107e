/**
 * Tracks the variables that a step has read and assigned, and identifies their data.
 */
import { execute, type DataId } from "../tfjs/backend";
import { typeAttribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import { dataOf } from "../tfjs/tensor-data";
import { withoutObserver, valueOf } from "../variables/variable-values";
import type { Source } from "./recording";
import type { StepTensors } from "./step-tensors";

/** The variables of one step. */
export class VariableReads {
  readonly #tensors: StepTensors;
  readonly #assigned = new Set<tf.Variable>();

  constructor(tensors: StepTensors) {
    this.#tensors = tensors;
  }

  /** The variables that were assigned, in the order of their first assignment. */
  get assigned(): tf.Variable[] {
    return [...this.#assigned].filter(({ isDisposed }) => !isDisposed);
  }

  /** The data that they have now. */
  assignedData(): DataId[] {
    return this.assigned.map((variable) => valueOf(variable).dataId);
  }

  noteAssigned(variable: tf.Variable): void {
    this.#assigned.add(variable);
  }

  /**
   * Returns the data of a variable that is read while a step is computed. If the data is shared
   * (`assign` and `clone` do not copy), the variable receives a copy, so both can be distinguished.
   */
  read(variable: tf.Variable): DataId {
    const value = valueOf(variable);
    value.syncToTfjs();
    if (this.#assigned.has(variable) || variable.isDisposed) {
      return value.dataId;
    }
    const known = this.#tensors.known(value.dataId);
    if (known?.from === "variable" && known.variable === variable) {
      return value.dataId;
    }
    if ((dataOf(value.dataId)?.refCount ?? 0) > 1) {
      const { dtype, shape } = variable;
      const type = typeAttribute("T", dtype as "float32");
      const { dataId } = value;
      const copy = execute("Identity", [type], [{ dataId, dtype, shape }]);
      withoutObserver(() => value.receive(variable, copy));
      copy.dispose();
    }
    this.#tensors.set(value.dataId, { from: "variable", variable });
    return value.dataId;
  }

  /** Returns the data of a variable or an input at the start of the step. */
  original(source: Source & { from: "variable" | "input" }): DataId {
    if (source.from === "input") {
      return this.#tensors.inputs[source.index]!.dataId;
    }
    const value = valueOf(source.variable);
    value.syncToTfjs();
    return value.dataId;
  }
}
