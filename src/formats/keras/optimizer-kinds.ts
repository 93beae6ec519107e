/**
 * The optimizers that both Keras and this library have.
 */
import type { tf } from "../../engine/tensorflow";
import * as keras from "../../keras";
import { toSnakeCase } from "../../models/layer-names";
import {
  asKerasObject,
  kerasObject,
  refusal,
  shortText,
  type KerasConfig,
  type KerasObject,
} from "./keras-object";
import { readShared, writeShared } from "./optimizer-settings";

/** Settings by Keras's names. Each optimizer has some of them. */
interface Settings {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly beta_1: number;
  readonly beta_2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  readonly rho: number;
  readonly centered: boolean;
  readonly initial_accumulator_value: number;
}

/** A class of optimizers. The state of a weight consists of slots, such as a mean of gradients. */
export interface OptimizerKind {
  /** Keras's name of the class. */
  readonly keras: string;
  /** Names of TensorFlow.js's class and of the class of `keras`. */
  readonly tfjs: readonly string[];
  /** TensorFlow.js's names of settings by Keras's names, without the learning rate. */
  readonly settings: Readonly<Record<string, string>>;
  /**
   * The slots in the order of a Keras file. Those of a group are stored weight by weight, groups
   * one after another.
   */
  readonly groups: (config: KerasConfig) => readonly (readonly string[])[];
  /** The slots in the order of TensorFlow.js's `getWeights`. */
  readonly slots: (config: KerasConfig) => readonly string[];
  /** Creates the optimizer from Keras's settings and the options that all optimizers share. */
  readonly make: (
    settings: Settings,
    shared: keras.KerasOptimizerOptions,
  ) => tf.Optimizer;
  /** The value of a slot before the first step; 0 by default. */
  readonly initial?: (config: KerasConfig) => number;
  /** Further numbers at the end of a Keras file. */
  readonly extra?: (config: KerasConfig, steps: number) => readonly number[];
}

const momentumOf = ({ momentum }: KerasConfig) => (momentum ?? 0) as number;

/** Returns Adam or AdamW, which differ in the default of the weight decay only. */
function adamKind(
  name: string,
  tfjs: readonly string[],
  create: typeof keras.adam,
): OptimizerKind {
  return {
    keras: name,
    tfjs,
    settings: {
      beta_1: "beta1",
      beta_2: "beta2",
      epsilon: "epsilon",
      amsgrad: "amsgrad",
    },
    groups: ({ amsgrad }) =>
      amsgrad === true ? [["m", "v"], ["vhat"]] : [["m", "v"]],
    slots: ({ amsgrad }) =>
      amsgrad === true ? ["m", "v", "vhat"] : ["m", "v"],
    make: ({ beta_1: beta1, beta_2: beta2, epsilon, amsgrad }, shared) =>
      create({ ...shared, beta1, beta2, epsilon, amsgrad }),
  };
}

const kinds: readonly OptimizerKind[] = [
  {
    keras: "SGD",
    tfjs: ["SGD", "Momentum", "KerasSGD"],
    settings: { momentum: "momentum", nesterov: "nesterov" },
    groups: (config) => (momentumOf(config) === 0 ? [] : [["momentum"]]),
    slots: (config) => (momentumOf(config) === 0 ? [] : ["momentum"]),
    make: ({ momentum, nesterov }, shared) =>
      keras.sgd({ ...shared, momentum, nesterov }),
  },
  adamKind("Adam", ["Adam", "KerasAdam"], keras.adam),
  adamKind("AdamW", ["KerasAdamW"], keras.adamW),
  {
    keras: "Nadam",
    tfjs: ["KerasNadam"],
    settings: { beta_1: "beta1", beta_2: "beta2", epsilon: "epsilon" },
    groups: () => [["m", "v"]],
    slots: () => ["m", "v"],
    make: ({ beta_1: beta1, beta_2: beta2, epsilon }, shared) =>
      keras.nadam({ ...shared, beta1, beta2, epsilon }),
    extra: ({ beta_1: beta }, steps) => {
      let product = 1;
      for (let step = 1; step <= steps; step += 1) {
        product *= (beta as number) * (1 - 0.5 * 0.96 ** step);
      }
      return [product];
    },
  },
  {
    keras: "RMSprop",
    tfjs: ["RMSProp", "KerasRMSProp"],
    settings: {
      rho: "rho",
      momentum: "momentum",
      epsilon: "epsilon",
      centered: "centered",
    },
    groups: (config) => [
      ["rms"],
      ...(momentumOf(config) > 0 ? [["momentum"]] : []),
      ...(config["centered"] === true ? [["mg"]] : []),
    ],
    slots: ({ centered }) => [
      "rms",
      "momentum",
      ...(centered === true ? ["mg"] : []),
    ],
    make: ({ rho, momentum, epsilon, centered }, shared) =>
      keras.rmsprop({ ...shared, rho, momentum, epsilon, centered }),
  },
  {
    keras: "Adagrad",
    tfjs: ["Adagrad", "KerasAdagrad"],
    settings: {
      initial_accumulator_value: "initialAccumulatorValue",
      epsilon: "epsilon",
    },
    groups: () => [["accumulator"]],
    slots: () => ["accumulator"],
    make: ({ initial_accumulator_value: value, epsilon }, shared) =>
      keras.adagrad({
        ...shared,
        initialAccumulatorValue: value,
        // TensorFlow.js's own Adagrad, which is the same, has no other value.
        ...(epsilon === 1e-7 ? {} : { epsilon }),
      }),
    initial: ({ initial_accumulator_value: value }) => value as number,
  },
  {
    keras: "Adamax",
    tfjs: ["Adamax", "KerasAdamax"],
    settings: { beta_1: "beta1", beta_2: "beta2", epsilon: "epsilon" },
    groups: () => [["m", "u"]],
    slots: () => ["m", "u"],
    make: ({ beta_1: beta1, beta_2: beta2, epsilon }, shared) =>
      keras.adamax({ ...shared, beta1, beta2, epsilon }),
  },
  {
    keras: "Adadelta",
    tfjs: ["KerasAdadelta"],
    settings: { rho: "rho", epsilon: "epsilon" },
    groups: () => [["accum_grad", "accum_var"]],
    slots: () => ["accum_grad", "accum_var"],
    make: ({ rho, epsilon }, shared) =>
      keras.adadelta({ ...shared, rho, epsilon }),
  },
];

/**
 * Creates the optimizer of a Keras configuration, without state.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) for a class or setting that this library does not have.
 */
export function readOptimizer(value: unknown): tf.Optimizer {
  const { class_name: name, config } = asKerasObject(value, "the optimizer");
  const kind = kinds.find((each) => each.keras === name);
  if (kind === undefined) {
    throw refusal("an optimizer that this library has", name);
  }
  return kind.make(config as unknown as Settings, readShared(config, name));
}

/**
 * Returns the class of an optimizer. Throws an Error (`ERR_UNSUPPORTED`) if Keras does not have it
 * or computes something else.
 */
export function kindOfOptimizer(optimizer: tf.Optimizer): OptimizerKind {
  const name = optimizer.getClassName();
  const config = optimizer.getConfig();
  const kind = kinds.find((each) => each.tfjs.includes(name));
  if (kind === undefined) {
    throw refusal(
      "an optimizer that Keras has",
      name === "Adadelta"
        ? "Adadelta of TensorFlow.js, which computes something else: use keras.adadelta()"
        : name,
    );
  }
  if (name === "RMSProp" && config["centered"] === true) {
    throw refusal(
      "an optimizer that computes what Keras computes",
      "tf.train.rmsprop with centered: use keras.rmsprop()",
    );
  }
  if (name === "Adamax" && config["decay"] !== 0) {
    throw refusal(
      "Adamax without decay, as Keras has it",
      shortText(config["decay"]),
    );
  }
  return kind;
}

/** Returns the Keras configuration of an optimizer, without state. */
export function writeOptimizer(optimizer: tf.Optimizer): KerasObject {
  const kind = kindOfOptimizer(optimizer);
  const {
    // Other names of the same settings, in TensorFlow.js's own classes.
    useNesterov: nesterov = false,
    decay: rho,
    momentum = 0,
    amsgrad = false,
    ...config
  } = optimizer.getConfig();
  const given: KerasConfig = { nesterov, rho, momentum, amsgrad, ...config };
  return kerasObject("keras.optimizers", kind.keras, {
    name: toSnakeCase(kind.keras),
    ...writeShared(config),
    ...Object.fromEntries(
      Object.entries(kind.settings).map(([key, name]) => [key, given[name]]),
    ),
  });
}
