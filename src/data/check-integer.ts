/**
 * The rule for options that are whole numbers.
 */
import { DatasetError } from "./dataset-error";

/** Throws a {@link DatasetError} unless `value` is a whole number from `least` to `most`. */
export function checkInteger(
  name: string,
  value: number,
  least: number,
  most: number,
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new DatasetError({
    expected: `\`${name}\` to be a whole number from ${least} to ${most}`,
    received: String(value),
  });
}
