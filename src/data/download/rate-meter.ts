/**
 * How fast bytes come in.
 */

/** Counts bytes and tells their rate over the last seconds. Times are in milliseconds, of any clock that never goes back. */
export class RateMeter {
  readonly #windowMilliseconds: number;
  readonly #arrivals: { time: number; bytes: number }[] = [];
  readonly #begin: number;
  #bytes = 0;

  /** @param windowSeconds What is older than this does not count. */
  constructor(windowSeconds: number, now = performance.now()) {
    this.#windowMilliseconds = windowSeconds * 1_000;
    this.#begin = now;
  }

  /** Bytes have arrived. */
  add(bytes: number, now = performance.now()): void {
    this.#arrivals.push({ time: now, bytes });
    this.#bytes += bytes;
    this.#forget(now);
  }

  /** Bytes a second over the window, or since the beginning if that is less long ago; undefined in the first tenth of the window. */
  bytesPerSecond(now = performance.now()): number | undefined {
    this.#forget(now);
    const elapsed = Math.min(now - this.#begin, this.#windowMilliseconds);
    if (elapsed < this.#windowMilliseconds / 10) return undefined;
    return (this.#bytes / elapsed) * 1_000;
  }

  /** Whether a whole window has gone by. */
  isFull(now = performance.now()): boolean {
    return now - this.#begin >= this.#windowMilliseconds;
  }

  #forget(now: number): void {
    let old = 0;
    while (
      old < this.#arrivals.length &&
      this.#arrivals[old]!.time < now - this.#windowMilliseconds
    ) {
      this.#bytes -= this.#arrivals[old]!.bytes;
      old++;
    }
    if (old > 0) this.#arrivals.splice(0, old);
  }
}
