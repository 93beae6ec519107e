/**
 * How long is waited for what.
 */

/** Limits of a download. All are positive numbers. */
export interface Patience {
  /** A mirror that sends no byte for so long has stalled. */
  readonly stallSeconds: number;
  /** A mirror is left for one that was not tried yet if it sends less than this... */
  readonly crawlBytesPerSecond: number;
  /** ...in the mean over so long. */
  readonly crawlSeconds: number;
  /** So many times all mirrors are asked in turn without getting ahead, before it is given up. */
  readonly rounds: number;
  /** Pause after the first such round; each further one is twice as long. */
  readonly pauseSeconds: number;
  /** The lock of a process that has given no sign of life for so long is taken over. At least 2. */
  readonly lockSeconds: number;
}

/** The publisher's server of CIFAR-10 was throttled to 52 kB/s in 2026: slower than `crawlBytesPerSecond`, so that mirrors come first. */
const defaultPatience: Patience = {
  stallSeconds: 30,
  crawlBytesPerSecond: 64 * 1024,
  crawlSeconds: 30,
  rounds: 4,
  pauseSeconds: 3,
  lockSeconds: 10,
};

/** Fills in what is not given. Throws a RangeError if a value is no positive number. */
export function completePatience(given: Partial<Patience> = {}): Patience {
  const patience = { ...defaultPatience, ...given };
  for (const [name, value] of Object.entries(patience)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(
      `Expected \`${name}\` to be a positive number, received ${value}`,
    );
  }
  return patience;
}
