/**
 * Decides when memory outside JavaScript's heap has grown enough for a collection.
 */

/** Minimum growth for a collection, in bytes; a collection takes about 10 to 100 ms. */
export const smallestStep = 256 * 2 ** 20;

/** Growth that always makes a collection due, in bytes, however much is in use. */
export const largestStep = 2 ** 30;

/**
 * Watches the number of bytes in use.
 *
 * A collection is due when the number has doubled since its last low, within the bounds of
 * `smallestStep` and `largestStep`. Collections are therefore rare where little can be freed, and
 * garbage never exceeds the amount in use, or `smallestStep`.
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
   * Records how much is in use.
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
   * Resets the measurement after a collection.
   *
   * @param bytes The bytes in use now.
   */
  reset(bytes: number): void {
    this.#floor = bytes;
  }
}
