/**
 * Base class of learning rate schedules: functions of an optimizer's step count.
 *
 * The optimizer calls a schedule within its step. The step count is a `tf.Variable` there, so a
 * compiled step reads its current value, and each of several steps that run at once gets its own
 * rate.
 */
import { declarePart } from "../../../engine/parts/declared-parts";
import { tf } from "../../../engine/tensorflow";
import { coded } from "../../../notebook/coded-error";

/**
 * A learning rate that depends on the number of steps done, as an optimizer's `learningRate`.
 *
 * For a schedule of your own, extend this class, and implement `call` with operations of `tf`. Its
 * steps are traced, as those of other custom parts.
 *
 * Source: Keras 3, `LearningRateSchedule`.
 */
export abstract class LearningRateSchedule
  extends tf.serialization.Serializable
{
  /**
   * Computes a step's learning rate, a scalar. `step` is a float32 scalar: the number of steps
   * before this one, 0 for the first.
   */
  abstract call(step: tf.Tensor): tf.Tensor;

  /** Returns the learning rate of a step as a number, for example to plot it. Steps begin at 0. */
  valueAt(step: number): number {
    return tf.tidy(() => this.call(tf.scalar(step)).dataSync()[0]!);
  }
}

declarePart(LearningRateSchedule);

/** A schedule in the configuration of an optimizer. */
interface ScheduleConfig {
  readonly className: string;
  readonly config: tf.serialization.ConfigDict;
}

/** Converts a schedule to an entry of an optimizer's configuration. */
export function serializeSchedule(
  schedule: LearningRateSchedule,
): tf.serialization.ConfigDict {
  return {
    className: schedule.getClassName(),
    config: schedule.getConfig(),
  } satisfies ScheduleConfig;
}

/**
 * Restores a schedule from {@link serializeSchedule}.
 *
 * Throws an Error (`ERR_UNKNOWN_NAME`) if no schedule of this class is registered.
 */
export function deserializeSchedule(
  given: tf.serialization.ConfigDict,
): LearningRateSchedule {
  const { className, config } = given as unknown as ScheduleConfig;
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const [cls, fromConfig] = classNameMap[className] ?? [];
  const made = cls && fromConfig?.(cls, config);
  if (made instanceof LearningRateSchedule) return made;
  throw coded(
    "ERR_UNKNOWN_NAME",
    new Error(
      `Expected the class of a learning rate schedule, registered by tf.serialization.registerClass, received ${JSON.stringify(className)}`,
    ),
  );
}
