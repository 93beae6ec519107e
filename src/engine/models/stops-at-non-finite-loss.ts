/**
 * Determines whether a run ends when its loss is not finite.
 */
import { callbackInternals } from "../tfjs/callback-internals";
import { tf } from "../tfjs/library";

const stoppingFunctions = new WeakSet<object>();

/**
 * Marks the function for the end of a batch of a callback that ends the run when the loss is not
 * finite, and returns it. The engine then ends the run itself, before the batch changes the weights
 * if that is possible, with an error that names the cause.
 */
export function markStopping<Callback extends object>(
  callback: Callback,
): Callback {
  stoppingFunctions.add(callback);
  return callback;
}

/** Whether a callback has such a function. */
export function stopsAtNonFiniteLoss(callback: tf.Callback): boolean {
  if (!(callback instanceof tf.CustomCallback)) return false;
  const { batchEnd } = callbackInternals(callback);
  return batchEnd != null && stoppingFunctions.has(batchEnd);
}
