/**
 * Whether a callback looks at single batches.
 */
import { tf } from "../tfjs/library";

/** The functions that tfjs keeps of an object of callbacks. */
interface CustomCallbackInsides {
  readonly batchBegin?: object | null;
  readonly batchEnd?: object | null;
  readonly yield?: object | null;
}

const listeners = new WeakSet<object>();

/**
 * Marks a function for the beginning or end of batches that only listens: it changes nothing in the model and the run, and may be told of
 * a batch when later ones are done already. Gives the function. Of all batches that were done it is told, also when the run is
 * stopped among them.
 */
export function listensOnly<Listener extends object>(
  listener: Listener,
): Listener {
  listeners.add(listener);
  return listener;
}

/** The methods that do nothing by themselves: those of `tf.Callback`, or those that call the functions given to a `tf.CustomCallback`. */
function ownMethods(callback: tf.Callback) {
  return callback instanceof tf.CustomCallback
    ? tf.CustomCallback.prototype
    : tf.Callback.prototype;
}

/**
 * Whether a callback has something to do at the beginning or end of a batch, or is told of a batch's logs when tfjs yields. Functions that
 * only listen do not count.
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
  const { batchBegin, batchEnd, ...others } =
    callback as unknown as CustomCallbackInsides;
  return [batchBegin, batchEnd, others.yield].some(
    (each) => each != null && !listeners.has(each),
  );
}
