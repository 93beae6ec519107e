/**
 * The rule that says when memory outside JavaScript's heap has grown enough for a collection.
 */

/** No collection for less growth than this, in bytes: one costs some 10 to 100 ms. */
export const smallestStep = 256 * 2 ** 20;

/** A collection at the latest after this growth, in bytes, however much is in use. */
export const largestStep = 2 ** 30;

/**
 * Watches the number of bytes in use.
 *
 * A collection is due when that number has doubled since its last low, within the bounds of
 * `smallestStep` and `largestStep`. So collections are rare where little can be freed, and the
 * garbage is never more than what is in use, or `smallestStep`.
 */
export class MemoryPressure {
  #floor: number;

  /**
   * @param bytes The bytes in use now.
   */
  constructor(bytes: number) {
    this.#floor = bytes;
  }

  /**
   * Notes how much is in use.
   *
   * @param bytes The bytes in use now.
   * @returns Whether a collection is due.
   */
  isHigh(bytes: number): boolean {
    if (bytes < this.#floor) {
      this.#floor = bytes;
    }
    const growth = bytes - this.#floor;
    return (
      growth > smallestStep && (growth > this.#floor || growth > largestStep)
    );
  }

  /**
   * Starts afresh, after a collection.
   *
   * @param bytes The bytes in use now.
   */
  reset(bytes: number): void {
    this.#floor = bytes;
  }
}
