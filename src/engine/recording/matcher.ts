/**
 * Compares a step that runs with recordings of earlier ones, operation by operation.
 */
import type { Constant } from "../graph/graph-writer";
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

/** A recording that the step may turn out to be, and which of its constants have been seen with other numbers. */
export interface Candidate {
  readonly recording: Recording;
  readonly varying: ReadonlySet<number>;
}

/** A candidate that has agreed so far. */
interface Rival<Of extends Candidate> {
  readonly candidate: Of;
  readonly fixed: ReadonlySet<number>;
  readonly varying: Set<number>;
}

/** A step that agreed with a candidate to its end. */
export interface Match<Of> {
  readonly candidate: Of;
  /** The constants that have other numbers than were recorded, now or earlier. */
  readonly varying: ReadonlySet<number>;
  /** What this step has in the place of the recording's constants and tensors from outside. */
  readonly constants: Recording["constants"];
  readonly outside: readonly tf.Tensor[];
}

/** The candidates that agree with the step so far. */
export class Matcher<Of extends Candidate> implements Tracer<Match<Of>> {
  #rivals: Rival<Of>[];

  /** `mayVary`: whether a constant that decides values only may have other numbers than were recorded. */
  constructor(candidates: readonly Of[], mayVary: boolean) {
    this.#rivals = candidates.map((candidate) => ({
      candidate,
      fixed: mayVary ? fixedConstants(candidate.recording) : allConstants,
      varying: new Set(candidate.varying),
    }));
  }

  /** Whether there is a candidate left. */
  get isOpen(): boolean {
    return this.#rivals.length > 0;
  }

  /** The operation that comes next, if a candidate has it too. */
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
    return this.#rivals[0]?.candidate.recording.operations[index];
  }

  /** Numbers that were made in JavaScript and are used for the first time. */
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

  /** A tensor from outside the step that is used for the first time. */
  outside(index: number, kind: TensorKind): void {
    this.#keep(({ candidate }) => {
      const recorded = candidate.recording.outside[index];
      return recorded !== undefined && sameKind(recorded, kind);
    });
  }

  /** Something that no step can do: no candidate is left. */
  gone(): void {
    this.#rivals = [];
  }

  /** The candidate that the whole step agrees with, and all of its constants that vary. */
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
    const [match] = this.#rivals;
    if (match === undefined) return undefined;
    const { candidate, varying } = match;
    const { constants, outside } = step;
    return { candidate, varying, constants, outside };
  }

  spent({ outside }: Recording): readonly tf.Tensor[] {
    return outside;
  }

  #keep(agrees: (rival: Rival<Of>) => boolean): void {
    const rivals = this.#rivals;
    // The usual case, without a new list for each operation.
    if (rivals.length === 1 && agrees(rivals[0]!)) return;
    this.#rivals = rivals.length === 1 ? [] : rivals.filter(agrees);
  }
}

/** Numbers of a constant that are compared; more are taken to be others each time, which costs less than looking. */
const largestCompared = 65_536;

const allConstants: ReadonlySet<number> = new Set();

const fixedOf = new WeakMap<Recording, ReadonlySet<number>>();

/** Constants that decide more than values somewhere. */
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

/** Compared as bits would be: 0 and −0 differ, NaN is itself. */
export function sameValues(
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
