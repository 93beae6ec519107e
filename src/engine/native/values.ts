/**
 * A recorded step with everything taken out that computes nothing: the values that are left, and the nodes that compute them.
 */
import type { Values } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import type { Operation } from "../recording/recording";

/** Numbers, whatever the shape that they are seen in. One object for the same numbers. */
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

/** Numbers in a shape. */
export interface Value {
  readonly data: Data;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

/** Something that is computed. */
export interface StepNode {
  /** TensorFlow's name of the operation. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly operation: Operation;
  readonly outputs: Value[];
}

/** The number of numbers in a shape. */
export function sizeOf(shape: readonly number[]): number {
  return tf.util.sizeFromShape([...shape]);
}

/** An operation's attribute, as the type that it is known to have. */
export function attributeOf<Type>(node: StepNode, name: string): Type {
  const { attributes } = node.operation;
  return attributes.find((each) => each.name === name)?.value as Type;
}

/** The whole numbers of a constant; undefined for what is computed. */
export function integersOf({ data, shape }: Value): number[] | undefined {
  if (data.kind === "constant") return [...data.values];
  return data.kind === "uniform"
    ? Array.from({ length: sizeOf(shape) }, () => data.value)
    : undefined;
}
