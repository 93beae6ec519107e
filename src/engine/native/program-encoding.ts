/**
 * Encodes native programs as the integers and floats that the addon reads
 * (`cpp/common-program.cc`), and prints them.
 */
import { operation, place, type OperationName } from "./operations";

/** One instruction. */
export interface Instruction {
  readonly name: OperationName;
  readonly buffers: readonly number[];
  readonly integers: readonly number[];
  readonly numbers: readonly number[];
}

/** Instructions that do not wait for each other. */
export interface Phase {
  /** Whether the instructions run on the samples, group by group. */
  readonly isOfSamples: boolean;
  readonly instructions: readonly Instruction[];
  /** Slot buffers that are set to 0 first. */
  readonly cleared: readonly number[];
  /** Buffer of the loss that is checked after the phase; −1 for none. */
  guard: number;
}

/** Sizes that determine a program's memory. */
export interface ProgramSizes {
  readonly samples: number;
  readonly slots: number;
  /** Bytes of a group's rows that should be in the cache at once. */
  readonly cache: number;
  /** Maximum samples in a group. */
  readonly maxSamplesPerGroup: number;
  /** Minimum samples in a group, even if they exceed the cache. */
  readonly minSamplesPerGroup: number;
  /** Number of optimizer settings that each step is given. */
  readonly settings: number;
  /** Number of integers that each step is given. */
  readonly stepIntegers: number;
}

/** A program in the form that `addon.create` takes. */
export interface EncodedProgram {
  readonly integers: Int32Array;
  readonly numbers: Float32Array;
}

/** Encodes a program for the addon. */
export function encode(
  buffers: readonly { readonly place: number; readonly size: number }[],
  phases: readonly Phase[],
  sizes: ProgramSizes,
): EncodedProgram {
  const { samples, slots, cache, settings, stepIntegers } = sizes;
  const { maxSamplesPerGroup, minSamplesPerGroup } = sizes;
  const floats = buffers
    .filter((each) => each.place === place.group)
    .reduce((sum, { size }) => sum + size, 0);
  const perSlot = Math.ceil(samples / slots);
  const fitting = Math.floor(cache / (4 * Math.max(1, floats)));
  const wanted = Math.max(
    minSamplesPerGroup,
    Math.min(maxSamplesPerGroup, fitting),
  );
  const group = Math.max(1, Math.min(wanted, perSlot));
  const integers: number[] = [
    ...[samples, slots, group, stepIntegers, settings],
    buffers.length,
    ...buffers.flatMap((each) => [each.place, each.size]),
    phases.length,
  ];
  const numbers: number[] = [];
  for (const { isOfSamples, guard, cleared, instructions } of phases) {
    integers.push(Number(isOfSamples), guard);
    integers.push(cleared.length, ...cleared, instructions.length);
    for (const each of instructions) {
      integers.push(operation[each.name]);
      integers.push(each.buffers.length, ...each.buffers);
      integers.push(each.integers.length, ...each.integers);
      integers.push(each.numbers.length);
      numbers.push(...each.numbers);
    }
  }
  return {
    integers: Int32Array.from(integers),
    numbers: Float32Array.from(numbers),
  };
}

/** Returns a program as text, with one line per instruction. */
export function print(phases: readonly Phase[]): string {
  return phases
    .flatMap(({ isOfSamples, instructions }, index) => [
      `phase ${index}, ${isOfSamples ? "sample by sample" : "shared"}:`,
      ...instructions.map(
        ({ name, buffers, integers }) =>
          `  ${name}(${buffers.map((each) => `b${each}`).join(", ")}) [${integers.join(" ")}]`,
      ),
    ])
    .join("\n");
}
