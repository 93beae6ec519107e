/**
 * Names of labels' classes.
 */
import { coded } from "../notebook/coded-error";

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
