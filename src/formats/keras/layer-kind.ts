/**
 * Description of a class of layers that both Keras and TensorFlow.js have.
 */
import { isDeepStrictEqual } from "node:util";
import type { tf } from "../../engine/tensorflow";
import { readActivation, writeActivation } from "./activations";
import { checkLayerType } from "./data-types";
import { readInitializer, writeInitializer } from "./initializers";
import {
  camelCase,
  refusal,
  shortText,
  snakeCase,
  type KerasConfig,
} from "./keras-object";
import {
  readConstraint,
  readRegularizer,
  writeConstraint,
  writeRegularizer,
} from "./weight-rules";

/** Options of a layer of TensorFlow.js. */
export type LayerOptions = Readonly<Record<string, unknown>>;

/** A class of layers. Keys are Keras's names of settings. */
export interface LayerKind {
  /** Keras's name of the class. */
  readonly keras: string;
  /** TensorFlow.js's names of the classes that are written as this one. */
  readonly tfjs: readonly string[];
  /** Settings that both have. */
  readonly keys: readonly string[];
  /** Settings that only Keras has, with the only value that is read. */
  readonly fixed: KerasConfig;
  /** Settings that only Keras has and that change no prediction, such as seeds. */
  readonly ignored: readonly string[];
  /** Settings that are layers, with TensorFlow.js's names of the properties. */
  readonly children: Readonly<Record<string, string>>;
  /** Creates the layer from TensorFlow.js's options and the shape of its first input. */
  readonly make: (
    options: LayerOptions,
    inputShape: tf.Shape,
  ) => tf.layers.Layer;
  /**
   * Checks and completes a configuration of Keras before it is translated.
   *
   * @param owner The layer, for errors.
   */
  readonly beforeReading?: (config: KerasConfig, owner: string) => KerasConfig;
  /** Completes a configuration that is written, or throws if Keras computes something else. */
  readonly afterWriting?: (
    config: KerasConfig,
    layer: tf.layers.Layer,
    owner: string,
  ) => KerasConfig;
}

/** The parts of a {@link LayerKind} that most classes need. */
export type KindParts = Partial<Omit<LayerKind, "keras" | "make">>;

/**
 * Describes a class of layers.
 *
 * `keys` are separated by spaces. By default TensorFlow.js's class has Keras's name.
 */
export function kind(
  keras: string,
  keys: string,
  make: (options: never, inputShape: tf.Shape) => tf.layers.Layer,
  parts: KindParts = {},
): LayerKind {
  return {
    keras,
    tfjs: [keras],
    keys: keys.split(" ").filter((key) => key !== ""),
    fixed: {},
    ignored: [],
    children: {},
    make: make as LayerKind["make"],
    ...parts,
  };
}

/** Settings that every Keras layer has. */
const common = new Set(["name", "trainable", "dtype", "batch_shape"]);
/** Settings that are fixed wherever they occur. */
const fixedEverywhere: KerasConfig = {
  activity_regularizer: null,
  data_format: "channels_last",
  quantization_config: null,
};

/**
 * Converts a Keras configuration to options of TensorFlow.js, without name, layers and input shape.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) that names the layer and the setting if TensorFlow.js does
 * not have it.
 */
export function readOptions(
  kind: LayerKind,
  config: KerasConfig,
  owner: string,
): LayerOptions {
  checkLayerType(config["dtype"], owner);
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (common.has(key) || kind.ignored.includes(key)) continue;
    if (key in kind.children) continue;
    if (kind.keys.includes(key)) {
      const translated = readValue(key, value, owner);
      if (translated !== undefined) options[camelCase(key)] = translated;
      continue;
    }
    const fixed = { ...fixedEverywhere, ...kind.fixed };
    if (key in fixed && isDeepStrictEqual(fixed[key], value)) continue;
    throw refusal(
      key in fixed
        ? `${key} of ${owner} to be ${shortText(fixed[key])}`
        : `settings of ${owner} that TensorFlow.js has`,
      key in fixed ? shortText(value) : `${key}: ${shortText(value)}`,
    );
  }
  return options;
}

function readValue(key: string, value: unknown, owner: string): unknown {
  if (key.endsWith("activation")) return readActivation(value, owner);
  if (value === null) return undefined;
  if (key.endsWith("initializer")) return readInitializer(value, owner);
  if (key.endsWith("regularizer")) return readRegularizer(value, owner);
  if (key.endsWith("constraint")) return readConstraint(value, owner);
  return key === "output_mode" && typeof value === "string"
    ? camelCase(value)
    : value;
}

/** Converts the configuration of a layer of TensorFlow.js to Keras's, without name and layers. */
export function writeConfig(
  kind: LayerKind,
  layer: tf.layers.Layer,
  owner: string,
): KerasConfig {
  const config = layer.getConfig();
  if (config["dataFormat"] === "channelsFirst") {
    throw refusal(
      `channels last in ${owner}`,
      "the data format channelsFirst, which Keras does not have on processors",
    );
  }
  if ((config["activityRegularizer"] ?? null) !== null) {
    throw refusal(`no activity regularizer in ${owner}`, "one");
  }
  const written = Object.fromEntries(
    kind.keys.map((key) => [
      key,
      writeValue(key, config[camelCase(key)] ?? null, owner),
    ]),
  );
  return kind.afterWriting?.(written, layer, owner) ?? written;
}

function writeValue(key: string, value: unknown, owner: string): unknown {
  if (value === null) return null;
  if (key.endsWith("activation")) return writeActivation(value, owner);
  if (key.endsWith("initializer")) return writeInitializer(value, owner);
  if (key.endsWith("regularizer")) return writeRegularizer(value, owner);
  if (key.endsWith("constraint")) return writeConstraint(value, owner);
  return key === "output_mode" && typeof value === "string"
    ? snakeCase(value)
    : value;
}
