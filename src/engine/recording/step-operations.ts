/**
 * Collects the operations of a step and the data of their outputs.
 */
import type { DataId } from "../tfjs/backend";
import { dataOf } from "../tfjs/tensor-data";
import type { tf } from "../tfjs/library";
import type { Operation, OperationSource } from "./recording";
import type { StepTensors } from "./step-tensors";
import { computeOperations, type Inspection } from "./traced-step";

/** The operations of one step. */
export class StepOperations {
  readonly all: Operation[] = [];
  readonly #tensors: StepTensors;
  readonly #dataOfOutputs: DataId[][] = [];

  constructor(tensors: StepTensors) {
    this.#tensors = tensors;
  }

  /** Adds an operation with its output tensors. */
  add(operation: Operation, tensors: readonly tf.Tensor[]): void {
    this.all.push(operation);
    this.#dataOfOutputs.push(tensors.map(({ dataId }) => dataId));
    for (const [output, { dataId }] of tensors.entries()) {
      this.#tensors.set(dataId, operation.outputs[output]!);
    }
  }

  /** Adds an operation without computing it; returns tensors without values. */
  trace(operation: Operation): tf.Tensor[] {
    const tensors = operation.outputs.map((output) =>
      this.#tensors.makeEmpty(output),
    );
    this.add(operation, tensors);
    return tensors;
  }

  /** Computes all operations, which were traced. */
  compute(inspect?: Inspection): void {
    computeOperations(this.all, this.#dataOfOutputs, this.#tensors, inspect);
  }

  /** Assigns values to traced outputs; consumes the tensors. */
  fill(
    outputs: readonly OperationSource[],
    tensors: readonly tf.Tensor[],
  ): void {
    for (const [index, source] of outputs.entries()) {
      this.#tensors.fill(this.#dataOf(source), tensors[index]!);
    }
  }

  /**
   * Returns outputs that are referenced by other code, beyond the given references of the step
   * itself.
   */
  kept(references: readonly DataId[]): OperationSource[] {
    const own = new Map<DataId, number>();
    for (const dataId of references) {
      own.set(dataId, (own.get(dataId) ?? 0) + 1);
    }
    return this.all.flatMap(({ outputs }) =>
      outputs.filter((source) => {
        const dataId = this.#dataOf(source);
        const data = dataOf(dataId);
        return data !== undefined && data.refCount > (own.get(dataId) ?? 0);
      }),
    );
  }

  #dataOf({ operation, output }: OperationSource): DataId {
    return this.#dataOfOutputs[operation.index]![output]!;
  }
}
