/**
 * Types and helper functions for the rules of shape inference.
 */
import type { Attribute } from "../tfjs/attribute";
import { tf } from "../tfjs/library";
import type { TensorKind } from "../recording/recording";

/** An input of an operation; `values` are known if they were created in JavaScript. */
export interface KnownInput extends TensorKind {
  readonly values: ArrayLike<number> | undefined;
}

/** An operation whose outputs are inferred. */
export interface Call {
  readonly inputs: readonly KnownInput[];
  /** Returns the attribute with a name. */
  attribute(name: string): Attribute["value"] | undefined;
}

/** Returns types and shapes of an operation's outputs; undefined if they cannot be inferred. */
export type Rule = (call: Call) => readonly TensorKind[] | undefined;

/** Rules by the names of operations. */
export type Rules = readonly (readonly [string, Rule])[];

/** Assigns one rule to several operations, whose names are separated by spaces. */
export function all(names: string, rule: Rule): Rules {
  return names.split(" ").map((name) => [name, rule]);
}

export type Shape = readonly number[];

/** Returns a single output, if its shape is known. */
export function kind(
  dtype: tf.DataType,
  shape: Shape | undefined,
): readonly TensorKind[] | undefined {
  return shape && [{ dtype, shape }];
}

export function isSame(one: Shape, other: Shape): boolean {
  return tf.util.arraysEqual([...one], [...other]);
}

export function areFloats(inputs: readonly KnownInput[]): boolean {
  return inputs.every(({ dtype }) => dtype === "float32");
}

/** Returns a shape in which some dimensions are replaced by others. */
export function spliced(
  shape: Shape,
  at: number,
  count: number,
  ...sides: readonly number[]
): number[] {
  return [...shape.slice(0, at), ...sides, ...shape.slice(at + count)];
}

/** Returns the broadcast shape of two shapes; undefined if they are incompatible. */
export function broadcast(one: Shape, other: Shape): Shape | undefined {
  const length = Math.max(one.length, other.length);
  const side = (shape: Shape, at: number) =>
    shape[at - length + shape.length] ?? 1;
  const sides = Array.from({ length }, (_, at) => {
    const [a, b] = [side(one, at), side(other, at)];
    return a === b || b === 1 ? a : a === 1 ? b : undefined;
  });
  return sides.includes(undefined) ? undefined : (sides as number[]);
}

/** Returns the integer values of an input; undefined if they are unknown. */
export function integersOf(
  input: KnownInput | undefined,
): readonly number[] | undefined {
  return input?.values && Array.from(input.values);
}

/** Returns an axis counted from the front; undefined if it is out of range. */
export function axisOf(
  input: KnownInput | undefined,
  rank: number,
): number | undefined {
  const [axis] = integersOf(input) ?? [];
  const counted = axis !== undefined && axis < 0 ? axis + rank : axis;
  return counted !== undefined && counted >= 0 && counted < rank
    ? counted
    : undefined;
}
