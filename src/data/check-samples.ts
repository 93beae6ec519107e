/**
 * Checks how many samples to read.
 */
import { count } from "../notebook/quantity";
import { DatasetError } from "./dataset-error";

/**
 * Throws a {@link DatasetError} unless `samples` is undefined or an integer from 1 to `available`.
 */
export function checkSamples(
  samples: number | undefined,
  available: number,
): void {
  if (samples === undefined) return;
  if (Number.isInteger(samples) && samples >= 1 && samples <= available) return;
  throw new DatasetError({
    code: "ERR_INVALID_VALUE",
    expected: `a number of samples from 1 to ${count(available)}`,
    received: count(samples),
  });
}
