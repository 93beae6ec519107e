/**
 * Infers the types and shapes of the outputs of TensorFlow's operations, without executing them.
 *
 * They allow a step to be traced before any of it was recorded. Only operations and inputs that
 * occur in steps of stock parts are supported. Everything else is executed, and TensorFlow reports
 * errors. The rules follow TensorFlow's documentation of each operation (`tf.raw_ops`).
 */
import type { Attribute } from "../tfjs/attribute";
import type { TensorKind } from "../recording/recording";
import { elementwise } from "./elementwise";
import { layers } from "./layers";
import { rearranging } from "./rearranging";
import type { KnownInput } from "./rule";

const rules = new Map([...elementwise, ...layers, ...rearranging]);

/** Returns types and shapes of an operation's outputs; undefined if they cannot be inferred. */
export function inferKinds(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly KnownInput[],
): readonly TensorKind[] | undefined {
  const attribute = (wanted: string) =>
    attributes.find((each) => each.name === wanted)?.value;
  return rules.get(name)?.({ inputs, attribute });
}
