/**
 * One seed for everything that is drawn.
 */
import seedrandom from "seedrandom";

/**
 * Makes what follows repeatable: initial weights, the order of samples in each epoch, dropout.
 *
 * tfjs takes all of these from `Math.random`, directly or as the seed of a generator of its own, and offers no other
 * handle on the order of samples; so `Math.random` itself is replaced, for the whole process, by a generator that starts
 * from `seed`. The same calls after the same seed give the same bits on the same machine.
 *
 * A layer's own `seed` option is no substitute: `tf.layers.dropout({ seed })` drops the same units in every batch.
 *
 * Throws a TypeError unless `seed` is a whole number.
 */
export function setSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) {
    throw new TypeError(
      `Expected a seed to be a whole number, received ${String(seed)}`,
    );
  }
  seedrandom(String(seed), { global: true });
}
