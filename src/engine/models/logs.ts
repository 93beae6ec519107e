/**
 * Losses and metrics for callbacks: numbers, or scalars where tfjs passes scalars.
 *
 * tfjs passes the scalars computed by the step to a callback of a custom class. A
 * `tf.CustomCallback` reads their values before it calls the functions it was created with.
 * Creating scalars only to read them again would be wasteful, so such callbacks receive numbers
 * directly.
 */
import { tf } from "../tfjs/library";

/** Logs as tfjs types them for callbacks of a custom class. */
type UnresolvedLogs = Record<string, number | tf.Scalar>;

type Event = "onBatchEnd" | "onEpochEnd";

/** Whether one of the callbacks overrides the method of an event and so expects scalars. */
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

/** Replaces each loss and metric with a scalar, which is kept until it is disposed of. */
export function toScalars(logs: tf.Logs, labels: readonly string[]): void {
  const unresolved: UnresolvedLogs = logs;
  for (const label of labels) {
    unresolved[label] = tf.keep(tf.scalar(logs[label]!));
  }
}

/** Disposes of the scalars in the logs. */
export function disposeScalars(logs: Readonly<UnresolvedLogs>): void {
  for (const value of Object.values(logs)) {
    if (value instanceof tf.Tensor) value.dispose();
  }
}
