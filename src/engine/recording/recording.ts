/**
 * What was heard while a step ran, operation by operation.
 *
 * Every tensor that took part is described by where it came from, a {@link Source}: an operation's output, a variable's value at
 * the step's beginning, one of the step's inputs, numbers that were made in JavaScript, or a tensor from outside the step. Sources
 * are positions, never the numbers themselves: two tensors that share their numbers are still two.
 */
import type { Constant } from "../graph/graph-writer";
import type { Attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";

/** One TensorFlow operation. */
export interface Operation {
  /** Place in the order of execution, from 0. */
  readonly index: number;
  readonly name: string;
  /** The layer that executed it when it was recorded; undefined for what no layer did, such as gradients. */
  readonly layer: tf.layers.Layer | undefined;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Source[];
  /** Its outputs, as sources of what comes later. */
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

/** Where a tensor came from; `index` is a place in the recording's list of that kind. */
export type Source =
  | OperationSource
  | { readonly from: "variable"; readonly variable: tf.Variable }
  | (TensorKind & { readonly from: "input"; readonly index: number })
  | (TensorKind & { readonly from: "constant"; readonly index: number })
  | (TensorKind & { readonly from: "outside"; readonly index: number });

/** Type and shape of a source. */
export function kindOf(source: Source): TensorKind {
  return source.from === "variable" ? source.variable : source;
}

/** A gradient that was handed to the optimizer; `gradient` is undefined for a variable that has none. */
export interface Update {
  readonly variable: tf.Variable;
  readonly gradient: Source | undefined;
}

/** A value that a variable was given in the step; the last one. */
export interface Assignment {
  readonly variable: tf.Variable;
  readonly value: Source;
}

/** Everything that is needed to run the step as a graph. */
export interface Recording {
  /** Types and shapes of the tensors that each run is given. */
  readonly inputs: readonly TensorKind[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly Source[];
  readonly assignments: readonly Assignment[];
  /** What the optimizer was given, if its update is one that the engine writes itself. */
  readonly updates: readonly Update[] | undefined;
  /** Numbers that were made in JavaScript, in the order of their first use. */
  readonly constants: readonly Constant[];
  /** Tensors from outside the step, in the order of their first use; clones that belong to the recording. */
  readonly outside: readonly tf.Tensor[];
  /** Outputs of operations that somebody keeps beyond the step. */
  readonly kept: readonly OperationSource[];
  /** Whether numbers came from JavaScript that the next step may draw or read differently. */
  readonly dependsOnJavaScript: boolean;
  /** Why the step cannot be run as a graph; undefined if nothing was heard that speaks against it. */
  readonly obstacle: string | undefined;
}

/** Gives back what a recording holds, when it is of no more use. */
export function discard({ outside }: Recording): void {
  for (const tensor of outside) tensor.dispose();
}

/** The recording as text, one line an operation. */
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
