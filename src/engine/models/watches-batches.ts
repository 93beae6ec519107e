/**
 * The assembly line: whether a callback looks at single batches.
 */
import { tf } from "../tfjs/library";

/** The functions that tfjs keeps of an object of callbacks. */
interface CustomCallbackInsides {
  readonly batchBegin?: unknown;
  readonly batchEnd?: unknown;
  readonly yield?: unknown;
}

const callbackPrototype = tf.Callback.prototype;

/** Whether a callback has something to do at the beginning or end of a batch, or is told of a batch's logs when tfjs yields. */
export function watchesBatches(callback: tf.Callback): boolean {
  if (callback instanceof tf.CustomCallback) {
    const { batchBegin, batchEnd, ...others } =
      callback as unknown as CustomCallbackInsides;
    return [batchBegin, batchEnd, others.yield].some((each) => each != null);
  }
  return (
    callback.onBatchBegin !== callbackPrototype.onBatchBegin ||
    callback.onBatchEnd !== callbackPrototype.onBatchEnd
  );
}
