/**
 * Callbacks of a training run, in the forms that tfjs accepts.
 */
import { tf } from "../engine/tensorflow";

/** Callbacks of Keras (`keras.callbacks`) or tfjs, as objects or as functions. */
export type RunCallbacks = readonly (
  tf.Callback | tf.CustomCallback | tf.CustomCallbackArgs
)[];

/** Joins callbacks in the order in which tfjs calls them. */
export function joinedCallbacks(
  first: RunCallbacks,
  last: tf.CustomCallbackArgs,
): tf.CustomCallbackArgs | tf.CustomCallback[] {
  if (first.length === 0) return last;
  const made = [...first, last].map((each) =>
    each instanceof tf.Callback || each instanceof tf.CustomCallback
      ? each
      : new tf.CustomCallback(each),
  );
  // tfjs accepts every kind in a list, but its types only one.
  return made as tf.CustomCallback[];
}
