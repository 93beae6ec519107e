/**
 * Checks of options and labels that several figures have.
 */
import { coded } from "../notebook/coded-error";

/** Throws a RangeError (ERR_INVALID_VALUE) unless `value` is one of `choices`. */
export function checkChoice(
  name: string,
  value: string,
  choices: readonly string[],
): void {
  if (choices.includes(value)) return;
  const texts = choices.map((choice) => JSON.stringify(choice));
  const rule = `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected \`${name}\` to be ${rule}, received ${JSON.stringify(value)}`,
    ),
  );
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
