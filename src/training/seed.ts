/**
 * A global seed for all random values.
 */
import seedrandom from "seedrandom";
import { coded } from "../notebook/coded-error";

/**
 * Seeds all random values that follow: initial weights, the order of samples in each epoch,
 * dropout.
 *
 * tfjs draws all of these from `Math.random`, directly or as the seed of another generator, and has
 * no other way to control the order of samples. So this function replaces `Math.random` for the
 * whole process with a generator seeded with `seed`. The same calls after the same seed give
 * bit-identical results on the same machine.
 *
 * A layer's `seed` option is no substitute: `tf.layers.dropout({ seed })` drops the same units in
 * every batch.
 *
 * Throws a TypeError (`ERR_INVALID_VALUE`) if `seed` is not an integer from
 * -(2 ** 53 - 1) to 2 ** 53 - 1.
 */
export function setSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new TypeError(
        `Expected \`seed\` to be an integer from -(2 ** 53 - 1) to 2 ** 53 - 1, received ${String(seed)}`,
      ),
    );
  }
  seedrandom(String(seed), { global: true, state: true });
}

/** The state of the generator that {@link setSeed} puts in the place of `Math.random` (ARC4). */
export interface SeedState {
  readonly i: number;
  readonly j: number;
  readonly S: readonly number[];
}

/** Returns the generator's state; undefined if `Math.random` is not such a generator. */
export function seedState(): SeedState | undefined {
  const { random } = Math as { random: { state?: () => SeedState } };
  return random.state?.();
}

/** Puts a generator in this state in the place of `Math.random`. */
export function restoreSeedState(state: SeedState): void {
  seedrandom("", { global: true, state });
}
