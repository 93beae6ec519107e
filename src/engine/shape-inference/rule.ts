/**
 * The form of a rule of shape inference, and what the rules share.
 */
import type { Attribute } from "../tfjs/attribute";
import { tf } from "../tfjs/library";
import type { TensorKind } from "../recording/recording";

/** An input of an operation; `values` are known of what JavaScript has made. */
export interface KnownInput extends TensorKind {
  readonly values: ArrayLike<number> | undefined;
}

/** An operation whose outputs are wanted. */
export interface Call {
  readonly inputs: readonly KnownInput[];
  /** The attribute of a name. */
  attribute(name: string): Attribute["value"] | undefined;
}

/** What an operation gives; undefined where it cannot be inferred. */
export type Rule = (call: Call) => readonly TensorKind[] | undefined;

/** Rules by the names of operations. */
export type Rules = readonly (readonly [string, Rule])[];

/** One rule for several operations, their names with spaces in between. */
export function all(names: string, rule: Rule): Rules {
  return names.split(" ").map((name) => [name, rule]);
}

export type Shape = readonly number[];

/** One output, if its shape is known. */
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

/** A shape with others in the place of some sides. */
export function spliced(
  shape: Shape,
  at: number,
  count: number,
  ...sides: readonly number[]
): number[] {
  return [...shape.slice(0, at), ...sides, ...shape.slice(at + count)];
}

/** The shape of two together, each side of 1 repeated; undefined if they do not fit. */
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

/** Whole numbers that an input has, undefined if they are not known. */
export function numbersOf(
  input: KnownInput | undefined,
): readonly number[] | undefined {
  return input?.values && Array.from(input.values);
}

/** An axis counted from the front; undefined if there is none of that number. */
export function axisOf(
  input: KnownInput | undefined,
  rank: number,
): number | undefined {
  const [axis] = numbersOf(input) ?? [];
  const counted = axis !== undefined && axis < 0 ? axis + rank : axis;
  return counted !== undefined && counted >= 0 && counted < rank
    ? counted
    : undefined;
}
