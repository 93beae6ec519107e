/**
 * Measures the transfer rate of a download.
 */

/** Measures the byte rate over a sliding window. Times are in milliseconds of a monotonic clock. */
export class RateMeter {
  readonly #windowMilliseconds: number;
  readonly #arrivals: { time: number; bytes: number }[] = [];
  readonly #start: number;
  #bytes = 0;

  /** @param windowSeconds Length of the window. */
  constructor(windowSeconds: number, now = performance.now()) {
    this.#windowMilliseconds = windowSeconds * 1_000;
    this.#start = now;
  }

  /** Records the arrival of bytes. */
  add(bytes: number, now = performance.now()): void {
    this.#arrivals.push({ time: now, bytes });
    this.#bytes += bytes;
    this.#forget(now);
  }

  /**
   * Returns the bytes per second over the window, or since the start if that is shorter.
   *
   * Returns undefined during the first tenth of the window.
   */
  bytesPerSecond(now = performance.now()): number | undefined {
    this.#forget(now);
    const elapsed = Math.min(now - this.#start, this.#windowMilliseconds);
    if (elapsed < this.#windowMilliseconds / 10) return undefined;
    return (this.#bytes / elapsed) * 1_000;
  }

  /** Returns whether at least one full window has elapsed. */
  isFull(now = performance.now()): boolean {
    return now - this.#start >= this.#windowMilliseconds;
  }

  #forget(now: number): void {
    let expired = 0;
    while (
      expired < this.#arrivals.length &&
      this.#arrivals[expired]!.time < now - this.#windowMilliseconds
    ) {
      this.#bytes -= this.#arrivals[expired]!.bytes;
      expired++;
    }
    if (expired > 0) this.#arrivals.splice(0, expired);
  }
}
