/**
 * The recording studio: what was heard while a step ran, operation by operation.
 *
 * Every tensor that took part is described by where it came from, a {@link Source}: an operation's output, a variable's value at
 * the step's beginning, one of the step's inputs, or numbers that were made in JavaScript.
 */
import type { tf } from "../tfjs/library";
import type { Attribute } from "../tfjs/attribute";
import type { DataId } from "../tfjs/backend";
import { constantKey, type Constant } from "../graph/graph-writer";

/** One TensorFlow operation that was executed. */
export interface Operation {
  /** Place in the order of execution, from 0. */
  readonly index: number;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Source[];
}

/** Where a tensor came from. */
export type Source =
  | {
      readonly from: "operation";
      readonly operation: Operation;
      readonly output: number;
      readonly dtype: tf.DataType;
      readonly shape: readonly number[];
    }
  | { readonly from: "variable"; readonly variable: tf.Variable }
  | {
      readonly from: "input";
      readonly input: number;
      readonly dtype: tf.DataType;
      readonly shape: readonly number[];
    }
  | { readonly from: "constant"; readonly constant: Constant }
  | {
      readonly from: "outside";
      /** A second handle on the numbers, so that they stay if the first is disposed of. */
      readonly tensor: tf.Tensor;
      readonly id: DataId;
    };

/** Type of the numbers that TensorFlow holds for a source. */
export function dtypeOf(source: Source): tf.DataType {
  switch (source.from) {
    case "operation":
    case "input":
      return source.dtype;
    case "variable":
      return source.variable.dtype;
    case "constant":
      return source.constant.dtype;
    case "outside":
      return source.tensor.dtype;
  }
}

/** Shape of a source. */
export function shapeOf(source: Source): readonly number[] {
  switch (source.from) {
    case "operation":
    case "input":
      return source.shape;
    case "variable":
      return source.variable.shape;
    case "constant":
      return source.constant.shape;
    case "outside":
      return source.tensor.shape;
  }
}

/** A gradient that was handed to the optimizer; `gradient` is undefined for a variable that has none. */
export interface Update {
  readonly variable: tf.Variable;
  readonly gradient: Source | undefined;
}

/** A value that a variable had at the end of the step. */
export interface Assignment {
  readonly variable: tf.Variable;
  readonly value: Source;
}

/** Everything that is needed to run the step as a graph. */
export interface Recording {
  /** Types and shapes of the tensors that each run is given anew. */
  readonly inputs: readonly {
    readonly dtype: tf.DataType;
    readonly shape: readonly number[];
  }[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly Source[];
  readonly assignments: readonly Assignment[];
  /** What the optimizer was given, if its update is one that the engine writes itself. */
  readonly updates: readonly Update[] | undefined;
  /** Why the step cannot be run as a graph; undefined if nothing was heard that speaks against it. */
  readonly obstacle: string | undefined;
}

/** Gives back what a recording holds on to, when it is of no more use. */
export function discard(recording: Recording): void {
  for (const { inputs } of recording.operations) {
    for (const source of inputs) {
      if (source.from === "outside") source.tensor.dispose();
    }
  }
}

/**
 * Why two recordings of a step are not recordings of one graph; undefined if they are.
 *
 * Two, because one alone cannot tell numbers that belong to the model from numbers that JavaScript works out anew in
 * each step, such as noise from a generator of its own.
 */
export function difference(
  first: Recording,
  second: Recording,
): string | undefined {
  const { length } = first.operations;
  if (length !== second.operations.length) {
    return `one step took ${length} operations, the next ${second.operations.length}`;
  }
  for (const [index, one] of first.operations.entries()) {
    const other = second.operations[index]!;
    if (one.name !== other.name) {
      return `operation ${index} was ${one.name} in one step and ${other.name} in the next`;
    }
    if (JSON.stringify(one.attributes) !== JSON.stringify(other.attributes)) {
      return `the settings of operation ${index}, ${one.name}, changed from one step to the next`;
    }
    if (!sameSources(one.inputs, other.inputs)) {
      return `operation ${index}, ${one.name}, was given other numbers in each step, worked out in JavaScript`;
    }
  }
  if (!sameSources(first.outputs, second.outputs)) {
    return "the step gave numbers that were worked out in JavaScript";
  }
  const changed = (recording: Recording) => [
    ...recording.assignments.map(
      ({ variable, value }) => `${variable.id} = ${key(value)}`,
    ),
    ...(recording.updates ?? []).map(
      ({ variable, gradient }) =>
        `${variable.id} by ${gradient === undefined ? "nothing" : key(gradient)}`,
    ),
  ];
  if (changed(first).join("; ") !== changed(second).join("; ")) {
    return "one step changed other variables than the next";
  }
  return undefined;
}

function sameSources(
  first: readonly Source[],
  second: readonly Source[],
): boolean {
  return (
    first.length === second.length &&
    first.every((source, index) => key(source) === key(second[index]!))
  );
}

/** Text by which equal sources are known, across recordings. */
function key(source: Source): string {
  switch (source.from) {
    case "operation":
      return `operation ${source.operation.index}:${source.output}`;
    case "variable":
      return `variable ${source.variable.id}`;
    case "input":
      return `input ${source.input}`;
    case "constant":
      return `constant ${constantKey(source.constant)}`;
    case "outside":
      return `outside ${numberOf(source.id)}`;
  }
}

const numbers = new WeakMap<DataId, number>();
let nextNumber = 0;

function numberOf(id: DataId): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, (nextNumber += 1));
  return nextNumber;
}
