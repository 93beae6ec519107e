/**
 * Infers the types and shapes of what TensorFlow's operations give, without executing them.
 *
 * By them a step is traced before anything of it was recorded. Only operations that steps of stock parts have are here, and only
 * inputs that they take: whatever is left is executed, and TensorFlow says what is wrong with it. The rules are those of
 * TensorFlow's documentation of each operation (`tf.raw_ops`).
 */
import type { Attribute } from "../tfjs/attribute";
import type { TensorKind } from "../recording/recording";
import { elementwise } from "./elementwise";
import { layers } from "./layers";
import { rearranging } from "./rearranging";
import type { KnownInput } from "./rule";

const rules = new Map([...elementwise, ...layers, ...rearranging]);

/** Types and shapes of an operation's outputs; undefined where they cannot be inferred. */
export function inferKinds(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly KnownInput[],
): readonly TensorKind[] | undefined {
  const attribute = (wanted: string) =>
    attributes.find((each) => each.name === wanted)?.value;
  return rules.get(name)?.({ inputs, attribute });
}
