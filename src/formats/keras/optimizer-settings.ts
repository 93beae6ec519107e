/**
 * Settings that all optimizers of Keras share: the learning rate, which may be a schedule, gradient
 * clipping, and weight decay.
 */
import type { tf } from "../../engine/tensorflow";
import type * as keras from "../../keras";
import {
  deserializeSchedule,
  type LearningRateSchedule,
} from "../../keras/optimizers/schedules/learning-rate-schedule";
import { nameInKeras } from "../../keras/registered-class";
import {
  asKerasObject,
  camelCase,
  isRecord,
  kerasObject,
  refusal,
  shortText,
  snakeCase,
  type KerasConfig,
} from "./keras-object";

/** Names of this library by Keras's names. */
const names = {
  clipnorm: "clipnorm",
  clipvalue: "clipvalue",
  global_clipnorm: "globalClipnorm",
  weight_decay: "weightDecay",
} as const;

/** Settings that Keras's optimizers have as well, with the only values that are read. */
const fixed: KerasConfig = {
  use_ema: false,
  loss_scale_factor: null,
  gradient_accumulation_steps: null,
};

/** What this library puts before the names of its classes of schedules. */
const prefix = "Keras";

/**
 * Returns the shared settings of a Keras configuration as options.
 *
 * `owner` names the class in errors. Throws an Error (`ERR_UNSUPPORTED`) for a setting or schedule
 * that this library does not have.
 */
export function readShared(
  config: KerasConfig,
  owner: string,
): keras.KerasOptimizerOptions {
  for (const [key, only] of Object.entries(fixed)) {
    const given = config[key] ?? only;
    if (given === only) continue;
    throw refusal(`${key} of ${owner} to be ${only}`, shortText(given));
  }
  const options: Record<string, unknown> = {
    learningRate: readRate(config["learning_rate"], owner),
  };
  for (const [theirs, ours] of Object.entries(names)) {
    const value = config[theirs] ?? undefined;
    // Keras also writes a decay of 0 for none.
    if (value === undefined || value === false || value === 0) continue;
    if (typeof value !== "number") {
      throw refusal(
        `${theirs} of ${owner} to be a number or null`,
        shortText(value),
      );
    }
    options[ours] = value;
  }
  return options;
}

/** Returns the shared settings of an optimizer's configuration by Keras's names. */
export function writeShared(config: tf.serialization.ConfigDict): KerasConfig {
  const shared = Object.entries(names).map(([theirs, ours]) => [
    theirs,
    config[ours] ?? null,
  ]);
  return {
    learning_rate: writeRate(config["learningRate"]),
    ...(Object.fromEntries(shared) as KerasConfig),
  };
}

/**
 * Returns the number of arrays before the slots in the state of an optimizer: the number of steps
 * and, unless a schedule determines it, the learning rate.
 */
export function arraysBeforeSlots(config: KerasConfig): number {
  return typeof config["learning_rate"] === "number" ? 2 : 1;
}

function readRate(rate: unknown, owner: string): number | LearningRateSchedule {
  if (typeof rate === "number") return rate;
  if (!isRecord(rate)) {
    throw refusal(
      `the learning rate of ${owner} to be a number or a schedule`,
      shortText(rate),
    );
  }
  const { class_name, config } = asKerasObject(
    rate,
    `the learning rate of ${owner}`,
  );
  const settings = Object.entries(config)
    .filter(([key]) => key !== "name" && key !== "dtype")
    .map(([key, value]) => [camelCase(key), value]);
  try {
    return deserializeSchedule({
      className: `${prefix}${class_name}`,
      config: Object.fromEntries(settings) as tf.serialization.ConfigDict,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_UNKNOWN_NAME") throw error;
    throw refusal("a learning rate schedule that this library has", class_name);
  }
}

function writeRate(rate: unknown): unknown {
  if (!isRecord(rate)) return rate;
  const { className, config } = rate as {
    readonly className: string;
    readonly config: KerasConfig;
  };
  const name = nameInKeras(className);
  if (name === className) {
    throw refusal("a learning rate schedule of Keras", className);
  }
  const settings = Object.entries(config).map(([key, value]) => [
    snakeCase(key),
    value,
  ]);
  return kerasObject(
    "keras.optimizers.schedules",
    name,
    Object.fromEntries(settings) as KerasConfig,
  );
}
