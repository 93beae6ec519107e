/**
 * Determines whether a callback observes single batches.
 */
import { callbackInternals } from "../tfjs/callback-internals";
import { tf } from "../tfjs/library";

const passiveCallbacks = new WeakSet<object>();

/**
 * Marks a batch callback as passive and returns it: it changes neither the model nor the run, and
 * may be called for a batch after later ones have been computed. It is called for every computed
 * batch, even if the run is stopped among them.
 */
export function markPassive<Callback extends object>(
  callback: Callback,
): Callback {
  passiveCallbacks.add(callback);
  return callback;
}

/**
 * The default methods of a callback: those of `tf.Callback`, or those that call the functions given
 * to a `tf.CustomCallback`.
 */
function ownMethods(callback: tf.Callback) {
  return callback instanceof tf.CustomCallback
    ? tf.CustomCallback.prototype
    : tf.Callback.prototype;
}

/**
 * Whether a callback acts at the beginning or end of a batch, or receives a batch's logs when tfjs
 * yields. Functions marked by {@link markPassive} do not count.
 */
export function watchesBatches(callback: tf.Callback): boolean {
  const own = ownMethods(callback);
  if (
    callback.onBatchBegin !== own.onBatchBegin ||
    callback.onBatchEnd !== own.onBatchEnd
  ) {
    return true;
  }
  if (!(callback instanceof tf.CustomCallback)) return false;
  const { batchBegin, batchEnd, ...others } = callbackInternals(callback);
  return [batchBegin, batchEnd, others.yield].some(
    (each) => each != null && !passiveCallbacks.has(each),
  );
}
