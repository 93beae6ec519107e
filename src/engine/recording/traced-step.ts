/**
 * Computes a step that was traced.
 */
import type { Constant } from "../tfjs/constant";
import { dataTypeOf, typeAttribute } from "../tfjs/attribute";
import type { DataId } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import {
  addEmptyData,
  createNative,
  dataOf,
  deleteNative,
  executeNative,
  nativeIdOf,
  tensorOn,
} from "../tfjs/tensor-data";
import { valueOf } from "../variables/variable-values";
import { withinLayer } from "./active-layer";
import type { Operation, Source, TensorKind } from "./recording";

/** The tensors to which the sources of a step refer. */
export interface StepTensors {
  readonly inputs: readonly tf.Tensor[];
  readonly constants: readonly Constant[];
  readonly outside: readonly tf.Tensor[];
}

/**
 * Called with an operation and its outputs right after it has been computed. The tensors are
 * disposed of afterwards.
 */
export type Inspection = (
  operation: Operation,
  outputs: readonly tf.Tensor[],
) => void;

/**
 * Computes operations one by one, as tfjs would have, and stores their results in the empty data of
 * the trace.
 *
 * `dataOfOutputs` contains the data of each operation's outputs; data that has been disposed of is
 * skipped. Variables have their values at the start of the step. Throws an Error with TensorFlow's
 * message if an operation fails.
 */
export function computeOperations(
  operations: readonly Operation[],
  dataOfOutputs: readonly (readonly DataId[])[],
  tensors: StepTensors,
  inspect?: Inspection,
): void {
  const results = new Results(operations, dataOfOutputs);
  const constants = new Map<number, number>();
  const idOf = (source: Source): number => {
    switch (source.from) {
      case "operation":
        return results.use(source.operation.index, source.output);
      case "variable": {
        const value = valueOf(source.variable);
        value.syncToTfjs();
        return nativeIdOf(value.dataId);
      }
      case "input":
        return nativeIdOf(tensors.inputs[source.index]!.dataId);
      case "outside":
        return nativeIdOf(tensors.outside[source.index]!.dataId);
      case "constant": {
        const known = constants.get(source.index);
        if (known !== undefined) return known;
        const { dtype, shape, values } = tensors.constants[source.index]!;
        const id = createNative(shape, dataTypeOf(dtype)!, values);
        constants.set(source.index, id);
        return id;
      }
    }
  };
  try {
    for (const operation of operations) {
      const { index, name, attributes, inputs, outputs, layer } = operation;
      const ids = inputs.map(idOf);
      const made = withinLayer(layer, () =>
        executeNative(name, attributes, ids, outputs.length),
      );
      if (inspect) {
        const shown = outputs.map(({ dtype, shape }, output) =>
          tensorOfNative(made[output]!, { dtype, shape }),
        );
        inspect(operation, shown);
        tf.dispose(shown);
      }
      results.add(index, made);
    }
  } finally {
    for (const id of constants.values()) deleteNative(id);
    results.transfer();
  }
}

/** Creates a tensor with a second handle on the data of another handle. */
function tensorOfNative(id: number, { dtype, shape }: TensorKind): tf.Tensor {
  const dataId = addEmptyData(shape, dataTypeOf(dtype) ?? 0);
  const type = typeAttribute("T", dtype as "float32");
  dataOf(dataId)!.id = executeNative("Identity", [type], [id], 1)[0]!;
  return tensorOn({ dataId, dtype, shape: [...shape] });
}

/**
 * Handles of computed outputs, each deleted after its last use unless its data is still referenced.
 */
class Results {
  readonly #dataOfOutputs: readonly (readonly DataId[])[];
  readonly #ids: (number | undefined)[][] = [];
  readonly #uses: number[][];
  /** Handles to delete once the operation that uses them has been computed. */
  readonly #spent: number[] = [];

  constructor(
    operations: readonly Operation[],
    dataOfOutputs: readonly (readonly DataId[])[],
  ) {
    this.#dataOfOutputs = dataOfOutputs;
    this.#uses = operations.map(({ outputs }) => outputs.map(() => 0));
    for (const { inputs } of operations) {
      for (const source of inputs) {
        if (source.from !== "operation") continue;
        this.#uses[source.operation.index]![source.output]! += 1;
      }
    }
  }

  add(operation: number, ids: readonly number[]): void {
    for (const id of this.#spent.splice(0)) deleteNative(id);
    this.#ids[operation] = [...ids];
    for (const output of ids.keys()) this.#endIfUnused(operation, output);
  }

  use(operation: number, output: number): number {
    const id = this.#ids[operation]![output]!;
    this.#uses[operation]![output]! -= 1;
    this.#endIfUnused(operation, output);
    return id;
  }

  /** Transfers the remaining handles to the data of the outputs. */
  transfer(): void {
    for (const id of this.#spent.splice(0)) deleteNative(id);
    for (const [operation, ids] of this.#ids.entries()) {
      for (const [output, id] of ids.entries()) {
        if (id === undefined) continue;
        const data = dataOf(this.#dataOfOutputs[operation]![output]!);
        if (data === undefined) deleteNative(id);
        else data.id = id;
      }
    }
  }

  #endIfUnused(operation: number, output: number): void {
    if (this.#uses[operation]![output]! > 0) return;
    if (dataOf(this.#dataOfOutputs[operation]![output]!) !== undefined) return;
    this.#spent.push(this.#ids[operation]![output]!);
    this.#ids[operation]![output] = undefined;
  }
}
