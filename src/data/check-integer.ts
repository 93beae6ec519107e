/**
 * Validates integer options.
 */
import { DatasetError } from "./dataset-error";

/** Throws a {@link DatasetError} unless `value` is an integer from `min` to `max`. */
export function checkInteger(
  name: string,
  value: number,
  min: number,
  max: number,
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new DatasetError({
    code: "ERR_INVALID_VALUE",
    expected: `\`${name}\` to be an integer from ${min} to ${max}`,
    received: String(value),
  });
}
