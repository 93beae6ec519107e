/**
 * Which variables a step has read and assigned, and the data by which they are known.
 */
import { execute, type DataId } from "../tfjs/backend";
import { typeAttribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import { dataOf } from "../tfjs/tensor-data";
import { silently, valueOf } from "../variables/variable-values";
import type { Source } from "./recording";
import type { StepTensors } from "./step-tensors";

/** The variables of one step. */
export class VariableReads {
  readonly #tensors: StepTensors;
  readonly #assigned = new Set<tf.Variable>();

  constructor(tensors: StepTensors) {
    this.#tensors = tensors;
  }

  /** The variables that were given other data, in the order in which that was done first. */
  get assigned(): tf.Variable[] {
    return [...this.#assigned].filter(({ isDisposed }) => !isDisposed);
  }

  /** The data that they have. */
  assignedData(): DataId[] {
    return this.assigned.map((variable) => valueOf(variable).dataId);
  }

  noteAssigned(variable: tf.Variable): void {
    this.#assigned.add(variable);
  }

  /**
   * Data of a variable that is read while a step is computed. If somebody shares it (`assign` and `clone` copy nothing), the variable gets
   * data of its own, so that both are known apart.
   */
  read(variable: tf.Variable): DataId {
    const value = valueOf(variable);
    value.comeHome();
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
      silently(() => value.arrive(variable, copy));
      copy.dispose();
    }
    this.#tensors.set(value.dataId, { from: "variable", variable });
    return value.dataId;
  }

  /** Data with the numbers that a variable or an input has at the step's beginning. */
  original(source: Source & { from: "variable" | "input" }): DataId {
    if (source.from === "input") {
      return this.#tensors.inputs[source.index]!.dataId;
    }
    const value = valueOf(source.variable);
    value.comeHome();
    return value.dataId;
  }
}
