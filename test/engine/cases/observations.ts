/**
 * What a program observes: numbers, tensors, logs, and how often its own functions are called.
 */
import { inspect } from "node:util";
import { tf } from "../../../src/engine";

/** Numbers, strings, and lists and records of them: the plain form of tensors and logs. */
export type Plain =
  | number
  | string
  | boolean
  | null
  | readonly Plain[]
  | { readonly [name: string]: Plain };

/** What one run of a program observes, in order. */
export class Observations {
  readonly seen: { readonly name: string; readonly value: Plain }[] = [];
  readonly calls: Record<string, number> = {};
  readonly #afterwards: (() => void)[] = [];

  /**
   * Records a number, a tensor, or a list or record of them under a name; repeated names form a
   * list.
   */
  see(name: string, value: unknown): void {
    this.seen.push({ name, value: plain(value) });
  }

  /** Records whether something fails; the text of the error is not compared. */
  async seeOutcome(name: string, run: () => unknown): Promise<void> {
    let outcome = "no error";
    try {
      await run();
    } catch {
      outcome = "an error";
    }
    this.see(name, outcome);
  }

  /** Counts a call of one of the program's own functions. */
  call(name: string): number {
    return (this.calls[name] = (this.calls[name] ?? 0) + 1);
  }

  /** Registers a function that restores something after the program. */
  afterwards(run: () => void): void {
    this.#afterwards.push(run);
  }

  /** Restores what the program has changed, in reverse order. */
  end(): void {
    for (const run of this.#afterwards.reverse()) run();
  }

  /** Returns all observations by name, each as a list. */
  byName(): Record<string, Plain[]> {
    const lists: Record<string, Plain[]> = {};
    for (const { name, value } of this.seen) (lists[name] ??= []).push(value);
    return lists;
  }
}

/** Converts tensors, and records and lists that contain tensors, to plain numbers. */
export function plain(value: unknown): Plain {
  if (value instanceof tf.Tensor) {
    const numbers = Array.from(value.dataSync(), Number);
    return value.rank === 0 ? numbers[0]! : numbers;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as Iterable<number>, Number);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, plain(each)]),
    );
  }
  return typeof value === "number" || typeof value === "boolean"
    ? value
    : String(value);
}

/**
 * Returns where two values differ by more than a bound, which is relative to expected numbers above
 * 1; undefined if they do not.
 */
export function firstDifference(
  actual: Plain | undefined,
  expected: Plain | undefined,
  bound: number,
  place = "",
): string | undefined {
  if (typeof actual === "number" && typeof expected === "number") {
    const apart = Math.abs(actual - expected);
    const isClose =
      Object.is(actual, expected) ||
      actual === expected ||
      apart <= bound * Math.max(1, Math.abs(expected));
    return isClose
      ? undefined
      : `${place}: ${actual} instead of ${expected} (bound ${bound})`;
  }
  if (
    typeof actual === "object" &&
    typeof expected === "object" &&
    actual !== null &&
    expected !== null
  ) {
    const [ours, theirs] = [Object.entries(actual), Object.entries(expected)];
    const names = (all: readonly [string, Plain][]) =>
      all.map(([name]) => name).join(" ");
    if (names(ours) !== names(theirs)) {
      return `${place}: has ${names(ours)} instead of ${names(theirs)}`;
    }
    for (const [index, [name, each]] of ours.entries()) {
      const difference = firstDifference(
        each,
        theirs[index]![1],
        bound,
        `${place}.${name}`,
      );
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return actual === expected
    ? undefined
    : `${place}: ${inspect(actual)} instead of ${inspect(expected)}`;
}
