/**
 * Compares a running step with recordings of earlier ones, operation by operation.
 */
import type { Constant } from "../tfjs/constant";
import type { Attribute } from "../tfjs/attribute";
import {
  kindOf,
  type Operation,
  type Recording,
  type Source,
  type TensorKind,
} from "./recording";
import type { tf } from "../tfjs/library";
import type { OperationCall, Tracer } from "./tracer";
import { isValueInput } from "./value-roles";

/**
 * A recording that the step may agree with, and the constants whose values have differed from it.
 */
interface Candidate {
  readonly recording: Recording;
  readonly varying: ReadonlySet<number>;
}

/** A candidate that has agreed so far. */
interface MatchingCandidate<Of extends Candidate> {
  readonly candidate: Of;
  readonly fixed: ReadonlySet<number>;
  readonly varying: Set<number>;
}

/** A step that agreed with a candidate to its end. */
export interface Match<Of> {
  readonly candidate: Of;
  /** The constants whose values differ from the recording, now or earlier. */
  readonly varying: ReadonlySet<number>;
  /** This step's values for the recording's constants and tensors from outside. */
  readonly constants: Recording["constants"];
  readonly outside: readonly tf.Tensor[];
}

/** The candidates that have agreed with the step so far. */
export class Matcher<Of extends Candidate> implements Tracer<Match<Of>> {
  #remaining: MatchingCandidate<Of>[];

  /**
   * `mayVary` states whether constants that affect only values may differ from the recorded ones.
   */
  constructor(candidates: readonly Of[], mayVary: boolean) {
    this.#remaining = candidates.map((candidate) => ({
      candidate,
      fixed: mayVary ? fixedConstants(candidate.recording) : allConstants,
      varying: new Set(candidate.varying),
    }));
  }

  /** Whether a candidate is left. */
  get isOpen(): boolean {
    return this.#remaining.length > 0;
  }

  /** Returns the next operation if a candidate contains it as well. */
  next({
    index,
    name,
    attributes,
    inputs,
  }: OperationCall): Operation | undefined {
    this.#keep(({ candidate }) => {
      const operation = candidate.recording.operations[index];
      return (
        operation !== undefined &&
        operation.name === name &&
        sameAttributes(operation.attributes, attributes) &&
        sameSources(operation.inputs, inputs)
      );
    });
    return this.#remaining[0]?.candidate.recording.operations[index];
  }

  /** Checks a constant created in JavaScript on its first use. */
  constant(index: number, constant: Constant): void {
    this.#keep(({ candidate, fixed, varying }) => {
      const recorded = candidate.recording.constants[index];
      if (recorded === undefined || !sameKind(recorded, constant)) return false;
      if (varying.has(index)) return true;
      const isFixed = fixed === allConstants || fixed.has(index);
      if (!isFixed && constant.values.length > largestCompared) {
        varying.add(index);
        return true;
      }
      if (sameValues(recorded.values, constant.values)) return true;
      if (isFixed) return false;
      varying.add(index);
      return true;
    });
  }

  /** Checks a tensor from outside the step on its first use. */
  outside(index: number, kind: TensorKind): void {
    this.#keep(({ candidate }) => {
      const recorded = candidate.recording.outside[index];
      return recorded !== undefined && sameKind(recorded, kind);
    });
  }

  /** Rejects all candidates, because the step used a disposed tensor. */
  disposed(): void {
    this.#remaining = [];
  }

  /** Returns the candidate that the whole step agrees with, and all of its varying constants. */
  end(step: Recording): Match<Of> | undefined {
    this.#keep(({ candidate: { recording } }) => {
      return (
        recording.operations.length === step.operations.length &&
        sameSources(recording.outputs, step.outputs) &&
        sameAssignments(recording.assignments, step.assignments) &&
        sameUpdates(recording.updates, step.updates) &&
        sameSources(recording.kept, step.kept)
      );
    });
    const [match] = this.#remaining;
    if (match === undefined) return undefined;
    const { candidate, varying } = match;
    const { constants, outside } = step;
    return { candidate, varying, constants, outside };
  }

  spent({ outside }: Recording): readonly tf.Tensor[] {
    return outside;
  }

  #keep(agrees: (matching: MatchingCandidate<Of>) => boolean): void {
    const remaining = this.#remaining;
    // Avoids a new list for each operation in the usual case.
    if (remaining.length === 1 && agrees(remaining[0]!)) return;
    this.#remaining = remaining.length === 1 ? [] : remaining.filter(agrees);
  }
}

/**
 * Maximum size of a constant that is compared. Larger ones are assumed to differ, which costs less
 * than comparing them.
 */
const largestCompared = 65_536;

const allConstants: ReadonlySet<number> = new Set();

const fixedOf = new WeakMap<Recording, ReadonlySet<number>>();

/** Returns the constants that affect more than values in some operation. */
function fixedConstants(recording: Recording): ReadonlySet<number> {
  const known = fixedOf.get(recording);
  if (known !== undefined) return known;
  const fixed = new Set<number>();
  for (const { name, inputs } of recording.operations) {
    for (const [input, source] of inputs.entries()) {
      if (source.from !== "constant") continue;
      if (!isValueInput(name, input, source.dtype)) fixed.add(source.index);
    }
  }
  fixedOf.set(recording, fixed);
  return fixed;
}

function sameKind(one: TensorKind, other: TensorKind): boolean {
  return one.dtype === other.dtype && sameList(one.shape, other.shape);
}

function sameList<Element>(
  one: readonly Element[],
  other: readonly Element[],
): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (!Object.is(one[index], other[index])) return false;
  }
  return true;
}

/** Compares bitwise: 0 and −0 differ, NaN equals itself. */
function sameValues(
  one: Constant["values"],
  other: Constant["values"],
): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (!Object.is(one[index], other[index])) return false;
  }
  return true;
}

function sameAttributes(
  one: readonly Attribute[],
  other: readonly Attribute[],
): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    const [first, second] = [one[index]!, other[index]!];
    if (first.name !== second.name || first.type !== second.type) return false;
    if (!sameAttribute(first.value, second.value)) return false;
  }
  return true;
}

function sameAttribute(
  one: Attribute["value"],
  other: Attribute["value"],
): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object") return false;
  if (Array.isArray(one) && Array.isArray(other)) return sameList(one, other);
  return JSON.stringify(one) === JSON.stringify(other);
}

function sameSources(
  one: readonly Source[],
  other: readonly Source[],
): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (!sameSource(one[index]!, other[index]!)) return false;
  }
  return true;
}

function sameSource(one: Source, other: Source): boolean {
  if (one === other) return true;
  switch (one.from) {
    case "operation":
      return (
        other.from === "operation" &&
        one.operation.index === other.operation.index &&
        one.output === other.output
      );
    case "variable":
      return other.from === "variable" && one.variable === other.variable;
    default:
      return (
        other.from === one.from &&
        one.index === other.index &&
        sameKind(kindOf(one), kindOf(other))
      );
  }
}

function sameAssignments(
  one: Recording["assignments"],
  other: Recording["assignments"],
): boolean {
  return (
    one.length === other.length &&
    one.every(({ variable, value }, index) => {
      const { variable: another, value: its } = other[index]!;
      return variable === another && sameSource(value, its);
    })
  );
}

function sameUpdates(
  one: Recording["updates"],
  other: Recording["updates"],
): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.length === other.length &&
    one.every(({ variable, gradient }, index) => {
      const { variable: another, gradient: its } = other[index]!;
      if (variable !== another) return false;
      if (gradient === undefined || its === undefined) return gradient === its;
      return sameSource(gradient, its);
    })
  );
}
