/**
 * Checks of options and labels that several figures have.
 */
import { coded } from "../notebook/coded-error";

/** Throws a RangeError (ERR_INVALID_VALUE) unless `value` is an integer of at least `least`. */
export function checkInteger(name: string, value: number, least: 0 | 1): void {
  if (Number.isInteger(value) && value >= least) return;
  const rule = least === 1 ? "a positive integer" : "a non-negative integer";
  throw invalid(name, rule, value);
}

/** Throws a RangeError (ERR_INVALID_VALUE) unless `value` is a positive, finite number. */
export function checkPositive(name: string, value: number): void {
  if (value > 0 && value < Infinity) return;
  throw invalid(name, "a positive number", value);
}

/** Throws a RangeError (ERR_INVALID_VALUE) unless `value` is one of `choices`. */
export function checkChoice(
  name: string,
  value: string,
  choices: readonly string[],
): void {
  if (choices.includes(value)) return;
  const texts = choices.map((choice) => JSON.stringify(choice));
  const rule = `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
  throw invalid(name, rule, JSON.stringify(value));
}

/** Returns the name of a label's class. Throws a RangeError (ERR_INVALID_VALUE) if it has none. */
export function classNameOf(
  label: number,
  classNames: readonly string[],
): string {
  const name = classNames[label];
  if (name !== undefined) return name;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected labels from 0 to ${classNames.length - 1}, received ${label}`,
    ),
  );
}

function invalid(name: string, rule: string, received: unknown): RangeError {
  return coded(
    "ERR_INVALID_VALUE",
    new RangeError(`Expected \`${name}\` to be ${rule}, received ${received}`),
  );
}
