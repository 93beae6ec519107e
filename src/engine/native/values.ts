/**
 * Types for the values and nodes of a simplified step.
 */
import type { Values } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import type { Operation } from "../recording/recording";

/**
 * The elements of a value, regardless of its shape. Values with the same elements share one object.
 */
export type Data =
  | { readonly kind: "uniform"; readonly value: number }
  | { readonly kind: "constant"; readonly values: Values }
  | { readonly kind: "variable"; readonly variable: tf.Variable }
  | { readonly kind: "input"; readonly index: number }
  | {
      readonly kind: "output";
      readonly node: StepNode;
      readonly output: number;
    };

/** Elements in a shape. */
export interface Value {
  readonly data: Data;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

/** An operation of a simplified step. */
export interface StepNode {
  /** TensorFlow's name of the operation. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly operation: Operation;
  readonly outputs: Value[];
}

/** Returns the number of elements in a shape. */
export function sizeOf(shape: readonly number[]): number {
  return tf.util.sizeFromShape([...shape]);
}

/** Returns an attribute of an operation as the type that the caller expects. */
export function attributeOf<Type>(node: StepNode, name: string): Type {
  const { attributes } = node.operation;
  return attributes.find((each) => each.name === name)?.value as Type;
}

/** Returns the integers of a constant; undefined for other values. */
export function integersOf({ data, shape }: Value): number[] | undefined {
  if (data.kind === "constant") return [...data.values];
  return data.kind === "uniform"
    ? Array.from({ length: sizeOf(shape) }, () => data.value)
    : undefined;
}
