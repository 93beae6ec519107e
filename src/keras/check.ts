/**
 * Checks of numeric options.
 */

/** Throws a RangeError unless `value` is a finite number from `least` to `most`, both included. */
export function checkRange(
  name: string,
  value: number,
  least: number,
  most = Infinity,
): void {
  if (value >= least && value <= most && Number.isFinite(value)) return;
  const rule =
    most === Infinity
      ? `a number of at least ${least}`
      : `a number from ${least} to ${most}`;
  throw new RangeError(`Expected \`${name}\` to be ${rule}, received ${value}`);
}

/** Throws a RangeError unless `value` is a number from 0 (included) to 1 (excluded). */
export function checkShare(name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new RangeError(
    `Expected \`${name}\` to be a number from 0 to below 1, received ${value}`,
  );
}

/** Throws a RangeError unless `value` is a positive integer. */
export function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(
    `Expected \`${name}\` to be a positive integer, received ${value}`,
  );
}
