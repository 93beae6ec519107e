/**
 * Losses and metrics for callbacks: numbers, or scalars where tfjs hands scalars.
 *
 * tfjs gives a callback of a class of its own the scalars that the step has made. A `tf.CustomCallback` reads their numbers before it calls
 * the functions it was given. Making a scalar only for it to be read again would be wasted, so it is given numbers at once.
 */
import { tf } from "../tfjs/library";

/** Logs as tfjs types them for callbacks of a class of its own. */
type UnresolvedLogs = Record<string, number | tf.Scalar>;

type Event = "onBatchEnd" | "onEpochEnd";

/** Whether one of the callbacks has a method of its own for an event and so expects scalars. */
export function expectsScalars(
  callbacks: readonly tf.Callback[],
  event: Event,
): boolean {
  return callbacks.some((callback) => {
    const { prototype } =
      callback instanceof tf.CustomCallback ? tf.CustomCallback : tf.Callback;
    return callback[event] !== prototype[event];
  });
}

/** Puts a scalar in the place of each loss and metric; they are kept until somebody disposes of them. */
export function toScalars(logs: tf.Logs, labels: readonly string[]): void {
  const unresolved: UnresolvedLogs = logs;
  for (const label of labels) {
    unresolved[label] = tf.keep(tf.scalar(logs[label]!));
  }
}

/** Disposes of the scalars that are in the logs. */
export function disposeScalars(logs: Readonly<UnresolvedLogs>): void {
  for (const value of Object.values(logs)) {
    if (value instanceof tf.Tensor) value.dispose();
  }
}
