/**
 * The recording of a step, operation by operation.
 *
 * Every tensor of the step is described by its origin, a {@link Source}: an operation's output, a
 * variable's value at the start of the step, one of the step's inputs, a constant created in
 * JavaScript, or a tensor from outside the step. Sources are positions, never the values
 * themselves: two tensors that share their data are still distinct.
 */
import type { Constant } from "../tfjs/constant";
import type { Attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";

/** One TensorFlow operation. */
export interface Operation {
  /** Index in the order of execution. */
  readonly index: number;
  readonly name: string;
  /**
   * The layer that executed it when it was recorded; undefined for operations outside of layers,
   * such as gradients.
   */
  readonly layer: tf.layers.Layer | undefined;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Source[];
  /** Its outputs, as sources for later operations. */
  readonly outputs: readonly OperationSource[];
}

/** Type and shape of a tensor. */
export interface TensorKind {
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
}

/** Output of an operation. */
export interface OperationSource extends TensorKind {
  readonly from: "operation";
  readonly operation: Operation;
  readonly output: number;
}

/** Origin of a tensor; `index` is an index in the recording's list of that kind. */
export type Source =
  | OperationSource
  | { readonly from: "variable"; readonly variable: tf.Variable }
  | (TensorKind & { readonly from: "input"; readonly index: number })
  | (TensorKind & { readonly from: "constant"; readonly index: number })
  | (TensorKind & { readonly from: "outside"; readonly index: number });

/** Returns the type and shape of a source. */
export function kindOf(source: Source): TensorKind {
  return source.from === "variable" ? source.variable : source;
}

/** A gradient passed to the optimizer; `gradient` is undefined for a variable that has none. */
interface Update {
  readonly variable: tf.Variable;
  readonly gradient: Source | undefined;
}

/** The last value that the step assigned to a variable. */
export interface Assignment {
  readonly variable: tf.Variable;
  readonly value: Source;
}

/** Everything that is needed to compile the step. */
export interface Recording {
  /** Types and shapes of the tensors that are passed to each run. */
  readonly inputs: readonly TensorKind[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly Source[];
  readonly assignments: readonly Assignment[];
  /** The gradients passed to the optimizer, if the engine writes its update. */
  readonly updates: readonly Update[] | undefined;
  /** Constants created in JavaScript, in the order of their first use. */
  readonly constants: readonly Constant[];
  /**
   * Tensors from outside the step, in the order of their first use; clones that belong to the
   * recording.
   */
  readonly outside: readonly tf.Tensor[];
  /** Outputs of operations that are referenced beyond the step. */
  readonly kept: readonly OperationSource[];
  /** Whether JavaScript provided values that may differ in the next step. */
  readonly dependsOnJavaScript: boolean;
  /** Why the step cannot be compiled; undefined if nothing prevents it. */
  readonly obstacle: string | undefined;
}

/** Releases the tensors of a recording that is no longer needed. */
export function discard({ outside }: Recording): void {
  for (const tensor of outside) tensor.dispose();
}

/** The recording as text, one line per operation. */
export function print(recording: Recording): string {
  const { operations, outputs, assignments, updates = [] } = recording;
  const lines = operations.map(({ index, name, inputs }) => {
    return `%${index} = ${name}(${inputs.map(nameOf).join(", ")})`;
  });
  for (const { variable, value } of assignments) {
    lines.push(`${variable.name} = ${nameOf(value)}`);
  }
  for (const { variable, gradient } of updates) {
    const name = gradient === undefined ? "nothing" : nameOf(gradient);
    lines.push(`update ${variable.name} by ${name}`);
  }
  return [...lines, `return ${outputs.map(nameOf).join(", ")}`].join("\n");
}

function nameOf(source: Source): string {
  switch (source.from) {
    case "operation": {
      const { operation, output } = source;
      return output === 0
        ? `%${operation.index}`
        : `%${operation.index}:${output}`;
    }
    case "variable":
      return source.variable.name;
    default:
      return `${source.from}${source.index}`;
  }
}
