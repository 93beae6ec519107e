/**
 * Callbacks of a training run, in the forms that tfjs accepts.
 */
import { tf } from "../engine/tensorflow";

/** A callback object of tfjs or Keras: named by what only such objects have. */
export interface CallbackObject {
  setParams(parameters: never): void;
  setModel(model: never): void;
}

/** The functions of a callback, or a callback object. */
export type FitCallback = tf.CustomCallbackArgs | CallbackObject;

/**
 * Joins callbacks in the order in which they are called: those of a run's own that count steps,
 * the given ones, and those of its own that read what the given ones have added to the logs.
 *
 * @param first Other functions than those of `last`.
 */
export function joinedCallbacks(
  first: tf.CustomCallbackArgs,
  given: readonly FitCallback[],
  last: tf.CustomCallbackArgs,
): tf.CustomCallbackArgs | tf.CustomCallback[] {
  if (given.length === 0) return { ...first, ...last };
  // tfjs accepts a list of callback objects or of their functions, not of both.
  const made = [first, ...given, last].map((each: FitCallback) =>
    "setParams" in each ? each : new tf.CustomCallback(each, "auto"),
  );
  return made as tf.CustomCallback[];
}
