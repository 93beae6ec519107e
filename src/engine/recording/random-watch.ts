/**
 * Notices when `Math.random` is called.
 *
 * tfjs draws its random numbers in JavaScript, one after the other, from a generator that `Math.random` seeds. A step that does so
 * has other numbers each time, even where two steps happen to have the same.
 */
export class RandomWatch {
  #wasCalled = false;
  #restore: (() => void) | undefined;

  /** Whether it was called since the watch began. */
  get wasCalled(): boolean {
    return this.#wasCalled;
  }

  /** Begins to watch. */
  begin(): void {
    const before = Math.random;
    const watched = () => {
      this.#wasCalled = true;
      return before();
    };
    Math.random = watched;
    this.#restore = () => {
      // A seed that was set meanwhile stays.
      if (Math.random === watched) Math.random = before;
    };
  }

  /** Ends the watch. */
  end(): void {
    this.#restore?.();
    this.#restore = undefined;
  }
}
