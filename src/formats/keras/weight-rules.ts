/**
 * Regularizers and constraints of weights in Keras and in TensorFlow.js.
 */
import { tf } from "../../engine/tensorflow";
import { l1l2 } from "../../keras";
import type { TfjsObject } from "./initializers";
import {
  asKerasObject,
  camelCase,
  kerasObject,
  refusal,
  snakeCase,
  type KerasConfig,
  type KerasObject,
} from "./keras-object";

/**
 * Creates the regularizer of a Keras configuration, L1, L2 or both. `owner` names its layer in
 * errors. Throws an Error (`ERR_UNSUPPORTED`) for another class.
 */
export function readRegularizer(
  value: unknown,
  owner: string,
): ReturnType<typeof l1l2> {
  const { class_name: name, config } = asKerasObject(value, owner);
  if (!["L1", "L2", "L1L2"].includes(name)) {
    throw refusal(`a regularizer of ${owner} that TensorFlow.js has`, name);
  }
  const factor = (key: string) => (config[key] ?? 0) as number;
  return l1l2({ l1: factor("l1"), l2: factor("l2") });
}

/** Returns the Keras configuration of a regularizer of TensorFlow.js. */
export function writeRegularizer(value: unknown, owner: string): KerasObject {
  const { className, config } = value as TfjsObject;
  if (className !== "L1L2") {
    throw refusal(`a regularizer of ${owner} that Keras has`, className);
  }
  const { l1, l2 } = config;
  return kerasObject("keras.regularizers", className, { l1, l2 });
}

const constraints = ["MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"] as const;

type ConstraintName = (typeof constraints)[number];

const makers: Readonly<
  Record<
    ConstraintName,
    (config: object) => ReturnType<typeof tf.constraints.nonNeg>
  >
> = {
  MaxNorm: (config) => tf.constraints.maxNorm(config),
  MinMaxNorm: (config) => tf.constraints.minMaxNorm(config),
  NonNeg: () => tf.constraints.nonNeg(),
  UnitNorm: (config) => tf.constraints.unitNorm(config),
};

function isConstraint(name: string): name is ConstraintName {
  return constraints.includes(name as ConstraintName);
}

/**
 * Creates the constraint of a Keras configuration. `owner` names its layer in errors. Throws an
 * Error (`ERR_UNSUPPORTED`) for a class that TensorFlow.js does not have.
 */
export function readConstraint(
  value: unknown,
  owner: string,
): ReturnType<typeof tf.constraints.nonNeg> {
  const { class_name: name, config } = asKerasObject(value, owner);
  if (!isConstraint(name)) {
    throw refusal(`a constraint of ${owner} that TensorFlow.js has`, name);
  }
  return makers[name](renamed(config, camelCase));
}

/** Returns the Keras configuration of a constraint of TensorFlow.js. */
export function writeConstraint(value: unknown, owner: string): KerasObject {
  const { className, config } = value as TfjsObject;
  if (!isConstraint(className)) {
    throw refusal(`a constraint of ${owner} that Keras has`, className);
  }
  return kerasObject(
    "keras.constraints",
    className,
    renamed(config, snakeCase),
  );
}

/** Returns a configuration with its keys renamed. */
function renamed(
  config: KerasConfig,
  rename: (key: string) => string,
): KerasConfig {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [rename(key), value]),
  );
}
