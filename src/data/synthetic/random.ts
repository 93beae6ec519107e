/**
 * Generates seeded random numbers that are identical on every machine.
 */
import prand from "pure-rand";
import type { RandomGenerator } from "pure-rand";

/**
 * Seeded random number generator (xoroshiro128+ from pure-rand).
 *
 * `stream` selects one of several non-overlapping sequences of a seed, for example one for training
 * images and one for test images. All operations are defined exactly by IEEE 754, so a seed gives
 * the same numbers on every processor and in every version of Node.
 */
export class Random {
  readonly #generator: RandomGenerator;

  constructor(seed: number, stream = 0) {
    this.#generator = prand.xoroshiro128plus(seed);
    // A jump is 2^64 steps. The first one also skips the generator's poorly mixed initial states.
    for (let jump = 0; jump <= stream; jump++) this.#generator.unsafeJump!();
  }

  /** Returns a number from `low` to `high` (exclusive). */
  uniform(low: number, high: number): number {
    // The generator's lowest bits are its weakest: 24 of the 32 are kept.
    const unit = (this.#generator.unsafeNext() >>> 8) / 0x1000000;
    return low + unit * (high - low);
  }

  /** Returns an integer from 0 to `end` (exclusive). */
  integer(end: number): number {
    return Math.floor(this.uniform(0, end));
  }

  /** Returns true with the given probability. */
  chance(probability: number): boolean {
    return this.uniform(0, 1) < probability;
  }

  /** Returns one of the values, all with the same probability. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.integer(values.length)]!;
  }

  /** Returns -1 or 1. */
  sign(): number {
    return this.chance(0.5) ? 1 : -1;
  }

  /** Shuffles the values in place (Fisher-Yates) and returns them. */
  shuffle<Value>(values: Value[]): Value[] {
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      [values[last], values[other]] = [values[other]!, values[last]!];
    }
    return values;
  }
}
