// Runs work while no setup and no other such work runs in the checkout.

import { interruptible } from "../../src/engine/setup/interruption.mjs";
import { withLock } from "../../src/engine/setup/lock.mjs";
import { lockFile } from "./project.mjs";

/**
 * Waits until no setup runs, says so, and then runs the work, which a signal can interrupt.
 *
 * @template T
 * @param {(interruption: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>} The work's result.
 * @throws {Error} `ERR_INTERRUPTED` if a signal arrived and the work stopped because of it.
 */
export function alone(work) {
  return interruptible((interruption) =>
    withLock(
      lockFile,
      interruption,
      (holder) =>
        console.log(
          `Setup is running in this folder (process ${holder}); waiting for it.`,
        ),
      () => work(interruption),
    ),
  );
}
