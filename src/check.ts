/**
 * Checks of options: each throws a RangeError with the code `ERR_INVALID_VALUE`.
 */
import { coded } from "./notebook/coded-error";

/** Checks that `value` is a finite number from `least` to `most`, both included. */
export function checkRange(
  name: string,
  value: number,
  least: number,
  most = Infinity,
): void {
  const rule =
    most === Infinity
      ? `a number of at least ${least}`
      : `a number from ${least} to ${most}`;
  const holds = value >= least && value <= most && Number.isFinite(value);
  check(name, value, rule, holds);
}

/** Checks that `value` is a number from 0 (included) to 1 (excluded). */
export function checkShare(name: string, value: number): void {
  check(name, value, "a number from 0 to below 1", value >= 0 && value < 1);
}

/** Checks that `value` is a finite number. */
export function checkFinite(name: string, value: number): void {
  check(name, value, "a finite number", Number.isFinite(value));
}

/** Checks that `value` is a finite number above 0. */
export function checkPositive(name: string, value: number): void {
  const holds = value > 0 && Number.isFinite(value);
  check(name, value, "a positive number", holds);
}

/** Checks that `value` is an integer of at least `least`. */
export function checkCount(name: string, value: number, least = 1): void {
  const words = ["a non-negative integer", "a positive integer"];
  const rule = words[least] ?? `an integer of at least ${least}`;
  check(name, value, rule, Number.isInteger(value) && value >= least);
}

/** Checks that `value` is one of `allowed`. */
export function checkOneOf(
  name: string,
  value: string,
  allowed: readonly string[],
): void {
  const texts = allowed.map((each) => JSON.stringify(each));
  const rule = `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
  check(name, JSON.stringify(value), rule, allowed.includes(value));
}

function check(
  name: string,
  value: unknown,
  rule: string,
  holds: boolean,
): void {
  if (holds) return;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected \`${name}\` to be ${rule}, received ${String(value)}`,
    ),
  );
}
