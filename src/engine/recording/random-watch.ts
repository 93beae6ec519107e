/**
 * Detects calls of `Math.random`.
 *
 * tfjs draws its random values in JavaScript from a generator seeded by `Math.random`. A step that
 * does so may use other values each time, even if two steps happen to use equal ones.
 */
export class RandomWatch {
  #wasCalled = false;
  #restore: (() => void) | undefined;

  /** Whether it was called since the watch began. */
  get wasCalled(): boolean {
    return this.#wasCalled;
  }

  /** Starts watching. */
  begin(): void {
    const before = Math.random;
    const watched = () => {
      this.#wasCalled = true;
      return before();
    };
    Math.random = watched;
    this.#restore = () => {
      // Keeps a replacement (a seeded generator) that was installed in the meantime.
      if (Math.random === watched) Math.random = before;
    };
  }

  /** Stops watching. */
  end(): void {
    this.#restore?.();
    this.#restore = undefined;
  }
}
