/**
 * Detects calls of `Math.random`.
 *
 * tfjs draws its random values in JavaScript from a generator seeded by `Math.random`. A step that
 * does so may use other values each time, even if two steps happen to use equal ones.
 */
import { hookMethod, type Hook } from "../tfjs/hook";

/** Watches from its beginning to its end. */
export class RandomWatch {
  #wasCalled = false;
  #hook: Hook | undefined;

  /** Whether it was called since the watch began. */
  get wasCalled(): boolean {
    return this.#wasCalled;
  }

  /** Starts watching. */
  begin(): void {
    this.#hook = hookMethod(Math, "random", (random) => () => {
      this.#wasCalled = true;
      return random();
    });
  }

  /** Stops watching. Keeps a replacement (a seeded generator) that was installed meanwhile. */
  end(): void {
    this.#hook?.remove();
    this.#hook = undefined;
  }
}
