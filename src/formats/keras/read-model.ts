/**
 * Creates a model of TensorFlow.js from a Keras configuration.
 */
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { inputType } from "./data-types";
import {
  asLayerObject,
  checkInput,
  checkLayerName,
  refusal,
  refusing,
  shortText,
  type KerasConfig,
  type KerasObject,
} from "./keras-object";
import { readOptions, type LayerOptions } from "./layer-kind";
import { kindInKeras } from "./layer-kinds";
import { isModel } from "./layer-tree";
import { readGraph } from "./read-graph";

type Layer = tf.layers.Layer;

/**
 * Creates a model, with new weights.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) that names the layer if TensorFlow.js does not have its class
 * or a setting, or if the model is neither functional nor sequential, and an Error
 * (`ERR_FILE_FORMAT`) if the configuration is incomplete.
 */
export function readModel(value: unknown): tf.LayersModel {
  const object = asLayerObject(value);
  const made: MadeLayers = new Map();
  if (isFunctional(object)) return graphOf(object.config, made);
  if (object.class_name === "Sequential") {
    return readSequence(object.config, undefined, made);
  }
  throw refusal(
    "a functional or sequential model",
    `${object.class_name}, whose structure is Python code`,
  );
}

/** The layers that several models have, by their numbers. */
type MadeLayers = Map<number, Layer>;

function graphOf(config: KerasConfig, made: MadeLayers): tf.LayersModel {
  const model = readGraph(config, (value, shape) =>
    makeLayer(value, shape, made),
  );
  if (config["trainable"] === false) freeze(model);
  return model;
}

/** Freezes a model and all within it: in Keras nothing within a frozen model is trained. */
function freeze(model: tf.LayersModel): void {
  model.trainable = false;
  for (const layer of model.layers) {
    if (isModel(layer)) freeze(layer);
    else layer.trainable = false;
  }
}

function isFunctional({ class_name: name }: KerasObject): boolean {
  return name === "Functional" || name === "Model";
}

/**
 * Creates a layer or a model within a model, or returns the one that was made for another model.
 *
 * @param inputShape The shape of its first input.
 * @param options Further options of TensorFlow.js.
 */
function makeLayer(
  value: unknown,
  inputShape: tf.Shape,
  made: MadeLayers,
  options: LayerOptions = {},
): Layer {
  const object = asLayerObject(value);
  const { shared_object_id: id } = object;
  const present = id === undefined ? undefined : made.get(id);
  if (present !== undefined) return present;
  const layer = newLayer(object, inputShape, made, options);
  if (id !== undefined) made.set(id, layer);
  return layer;
}

function newLayer(
  object: KerasObject,
  inputShape: tf.Shape,
  made: MadeLayers,
  options: LayerOptions,
): Layer {
  const { class_name: className } = object;
  if (isFunctional(object)) return graphOf(object.config, made);
  if (className === "Sequential") {
    return readSequence(object.config, inputShape, made);
  }
  const name = String(object.config["name"]);
  const owner = `the layer ${name}`;
  checkLayerName(name);
  const kind = kindInKeras(className, owner);
  const config = kind.beforeReading?.(object.config, owner) ?? object.config;
  const read = (each: unknown) => makeLayer(each, inputShape, made);
  const inner = Object.keys(kind.children).map((key) => {
    const child = config[key];
    return [key, Array.isArray(child) ? child.map(read) : read(child)];
  });
  const all = {
    ...readOptions(kind, config, owner),
    ...(Object.fromEntries(inner) as LayerOptions),
    ...(config["trainable"] === false ? { trainable: false } : {}),
    ...options,
    name,
  };
  return refusing(owner, () => kind.make(all, inputShape));
}

/**
 * Creates a sequential model. `shape` is its input's shape in the model around it, for one that was
 * built by its first use.
 */
function readSequence(
  config: KerasConfig,
  shape: tf.Shape | undefined,
  made: MadeLayers,
): tf.LayersModel {
  const name = String(config["name"]);
  const objects = Array.isArray(config["layers"])
    ? config["layers"].map(asLayerObject)
    : [];
  const [first] = objects;
  const input = first?.class_name === "InputLayer" ? first : undefined;
  const layers = input === undefined ? objects : objects.slice(1);
  const given =
    input?.config["batch_shape"] ??
    first?.config["batch_shape"] ??
    config["build_input_shape"] ??
    shape;
  if (!Array.isArray(given) || layers.length === 0) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected an input shape and layers of the model ${name}, received the shape ${shortText(given)} and ${layers.length} layers`,
      ),
    );
  }
  const owner = `the model ${name}`;
  const inputShape = given as tf.Shape;
  checkInput((input?.config["name"] ?? name) as string, inputShape, owner);
  const dtype = inputType(input?.config["dtype"], owner);
  const model = tf.sequential({ name });
  const isFloat = dtype === "float32";
  // The type of a layer that is the first one would be that of its weights, too.
  if (!isFloat) {
    model.add(tf.layers.inputLayer({ batchInputShape: inputShape, dtype }));
  }
  for (const [index, object] of layers.entries()) {
    const isFirst = isFloat && index === 0;
    const inputOfLayer = isFirst ? inputShape : model.outputs[0]!.shape;
    const layer = makeLayer(
      object,
      inputOfLayer,
      made,
      isFirst ? { batchInputShape: inputShape } : {},
    );
    refusing(`the layer ${layer.name}`, () => {
      model.add(layer);
    });
  }
  if (config["trainable"] === false) freeze(model);
  return model;
}
