/**
 * Chance that comes out the same on every machine.
 */
import prand from "pure-rand";
import type { RandomGenerator } from "pure-rand";

/**
 * A seeded source of random numbers (xoroshiro128+, from pure-rand).
 *
 * `stream` numbers sequences of the same seed that do not overlap: one for the training pictures, one for the test
 * pictures. Only operations that IEEE 754 defines to the last bit are used, so that a seed gives the same numbers with
 * every processor and every version of Node.
 */
export class Random {
  readonly #generator: RandomGenerator;

  constructor(seed: number, stream = 0) {
    this.#generator = prand.xoroshiro128plus(seed);
    // A jump is 2^64 steps; the first one also leaves behind the generator's first, hardly mixed states.
    for (let jump = 0; jump <= stream; jump++) this.#generator.unsafeJump!();
  }

  /** A number from `low` up to, not including, `high`. */
  uniform(low: number, high: number): number {
    // The generator's lowest bits are its weakest: 24 of the 32 are kept.
    const unit = (this.#generator.unsafeNext() >>> 8) / 0x1000000;
    return low + unit * (high - low);
  }

  /** A whole number from 0 up to, not including, `end`. */
  integer(end: number): number {
    return Math.floor(this.uniform(0, end));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform(0, 1) < probability;
  }

  /** One of the values, each as likely as any other. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.integer(values.length)]!;
  }

  /** -1 or 1. */
  sign(): number {
    return this.chance(0.5) ? 1 : -1;
  }

  /** Puts the values in random order, in place (Fisher and Yates). */
  shuffle<Value>(values: Value[]): Value[] {
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      [values[last], values[other]] = [values[other]!, values[last]!];
    }
    return values;
  }
}
