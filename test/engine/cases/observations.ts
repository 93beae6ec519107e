/**
 * What a program has seen: numbers, tensors, logs, and how often its own functions were called.
 */
import { tf } from "../../../src/engine";

/** Numbers, texts and lists and records of them: what tensors and logs are turned into. */
export type Plain =
  | number
  | string
  | boolean
  | null
  | readonly Plain[]
  | { readonly [name: string]: Plain };

/** What one run of a program has seen, in order. */
export class Observations {
  readonly seen: { readonly name: string; readonly value: Plain }[] = [];
  readonly calls: Record<string, number> = {};
  readonly #afterwards: (() => void)[] = [];

  /** Notes a number, a tensor, a list or a record of them under a name; several under one name make a list. */
  see(name: string, value: unknown): void {
    this.seen.push({ name, value: plain(value) });
  }

  /** Notes whether something fails, not how: the text of an error is not compared. */
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

  /** Has something put back after the program. */
  afterwards(run: () => void): void {
    this.#afterwards.push(run);
  }

  /** Puts back what the program has changed, the last change first. */
  end(): void {
    for (const run of this.#afterwards.reverse()) run();
  }

  /** All that was seen, by name; each a list. */
  byName(): Record<string, Plain[]> {
    const lists: Record<string, Plain[]> = {};
    for (const { name, value } of this.seen) (lists[name] ??= []).push(value);
    return lists;
  }
}

/** Turns tensors, and records and lists with tensors in them, into plain numbers. */
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

/** Where two values differ by more than a bound, relative to the expected number where that is above 1; undefined if nowhere. */
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
    : `${place}: ${String(actual)} instead of ${String(expected)}`;
}
