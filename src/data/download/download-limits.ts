import { coded } from "../../notebook/coded-error";
/**
 * Defines the timeouts and retry limits of a download.
 */

/** Limits of a download. All values are positive. */
export interface DownloadLimits {
  /** Time without data after which a mirror counts as stalled. */
  readonly stallSeconds: number;
  /** Minimum rate of a mirror, below which an untried mirror is preferred. */
  readonly crawlBytesPerSecond: number;
  /** Period over which the rate is averaged. */
  readonly crawlSeconds: number;
  /** Consecutive rounds over all mirrors without progress after which the download fails. */
  readonly rounds: number;
  /** Pause after the first round without progress, doubled after each further one. */
  readonly pauseSeconds: number;
  /** Age at which a lock that was not renewed is taken over. At least 2. */
  readonly lockSeconds: number;
}

/**
 * Default limits.
 *
 * In 2026 the server of CIFAR-10's publisher was throttled to 52 kB/s. `crawlBytesPerSecond` is
 * higher, so that other mirrors are preferred.
 */
const defaultLimits: DownloadLimits = {
  stallSeconds: 30,
  crawlBytesPerSecond: 64 * 1024,
  crawlSeconds: 30,
  rounds: 4,
  pauseSeconds: 3,
  lockSeconds: 10,
};

/** Fills in default limits. Throws a RangeError if a value is not a positive number. */
export function completeLimits(
  given: Partial<DownloadLimits> = {},
): DownloadLimits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`${name}\` to be a positive number, received ${value}`,
      ),
    );
  }
  return limits;
}
