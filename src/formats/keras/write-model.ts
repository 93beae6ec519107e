/**
 * Writes the structure of a model of TensorFlow.js as a Keras configuration.
 */
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import {
  kerasObject,
  refusal,
  shortText,
  type KerasConfig,
  type KerasObject,
} from "./keras-object";
import { writeConfig } from "./layer-kind";
import { kindInTfjs } from "./layer-kinds";
import {
  innerLayers,
  isModel,
  isSequential,
  storedLayersOf,
  useNumber,
  usesIn,
  type LayerUse,
  type Model,
} from "./layer-tree";

type Layer = tf.layers.Layer;

/** What a layer inherits from the models around it. */
interface Around {
  readonly isTrained: boolean;
}

/**
 * Returns the Keras configuration of a model.
 *
 * Throws an Error (`ERR_INVALID_STATE`) if a sequential model has no input shape yet, and an Error
 * (`ERR_UNSUPPORTED`) that names the layer if Keras does not have its class or a setting.
 */
export function writeModel(model: tf.LayersModel): KerasObject {
  checkName(model);
  refuseShared(model, new Set());
  return writeContainer(model, { isTrained: true });
}

/** Keras cannot load a file in which two models have the same layer. */
function refuseShared(layer: Layer, seen: Set<Layer>): void {
  const inner = isModel(layer)
    ? storedLayersOf(layer)
    : innerLayers(layer).map(([, each]) => each);
  for (const each of inner) {
    if (each.getClassName() === "InputLayer") continue;
    if (seen.has(each)) {
      throw refusal(
        "each layer in only one model, because Keras cannot load others",
        `the layer ${each.name} in two`,
      );
    }
    seen.add(each);
    refuseShared(each, seen);
  }
}

function writeContainer(model: Model, around: Around): KerasObject {
  if (model.inputs.length === 0) {
    throw coded(
      "ERR_INVALID_STATE",
      new Error(
        `Expected a model with an input shape, received ${model.name} without one`,
      ),
    );
  }
  const within = { isTrained: around.isTrained && model.trainable };
  return isSequential(model)
    ? writeSequence(model, within)
    : writeGraph(model, within);
}

function writeSequence(model: Model, within: Around): KerasObject {
  const [input] = model.inputs;
  return kerasObject("keras", "Sequential", {
    name: model.name,
    trainable: within.isTrained,
    dtype: "float32",
    layers: [
      inputObject(`${model.name}_input`, input!.shape, input!.dtype),
      ...storedLayersOf(model).map((layer) => writeLayer(layer, within)),
    ],
    build_input_shape: input!.shape,
  });
}

function inputObject(
  name: string,
  shape: tf.Shape,
  dtype: tf.DataType,
): KerasObject {
  return kerasObject("keras.layers", "InputLayer", {
    batch_shape: shape,
    dtype,
    sparse: false,
    ragged: false,
    name,
  });
}

function writeGraph(model: Model, within: Around): KerasObject {
  const layers = storedLayersOf(model).map((layer) => ({
    ...writeLayer(layer, within),
    name: layer.name,
    inbound_nodes: usesIn(model, layer)
      .filter((use) => use.inboundLayers.length > 0)
      .map((use) => writeUse(model, layer, use)),
  }));
  const outputs = model.outputLayers.map((layer, index) => [
    layer.name,
    // In Keras a functional model has a use of its own before its uses in other models.
    useNumber(model, layer, model.outputLayersNodeIndices[index]!) +
      (isModel(layer) && !isSequential(layer) ? 1 : 0),
    model.outputLayersTensorIndices[index]!,
  ]);
  const inputs = model.inputLayers.map((layer) => [layer.name, 0, 0]);
  return {
    ...kerasObject("keras.src.models.functional", "Functional", {
      name: model.name,
      trainable: within.isTrained,
      layers,
      input_layers: inputs.length === 1 ? inputs[0] : inputs,
      output_layers: outputs.length === 1 ? outputs[0] : outputs,
    }),
    registered_name: "Functional",
  };
}

/** Writes one call of a layer: its tensors, and whether it always runs as in training. */
function writeUse(
  model: Model,
  layer: Layer,
  use: LayerUse,
): { args: unknown[]; kwargs: KerasConfig } {
  const tensors = use.inputTensors.map((tensor, index) => {
    const source = use.inboundLayers[index]!;
    return {
      class_name: "__keras_tensor__",
      config: {
        shape: tensor.shape,
        dtype: tensor.dtype,
        keras_history: [
          source.name,
          useNumber(model, source, use.nodeIndices[index]!),
          use.tensorIndices[index]!,
        ],
      },
    };
  });
  const training = use.callArgs?.["training"];
  const kwargs = typeof training === "boolean" ? { training } : {};
  const [first, ...rest] = tensors;
  if (rest.length === 0) return { args: [first], kwargs };
  return isRecurrent(layer)
    ? { args: [first], kwargs: { ...kwargs, initial_state: rest } }
    : { args: [tensors], kwargs };
}

/** Whether further inputs of a layer are its initial state. */
function isRecurrent(layer: Layer): boolean {
  return "cell" in layer || layer.getClassName() === "Bidirectional";
}

function writeLayer(layer: Layer, around: Around): KerasObject {
  const owner = `the layer ${layer.name}`;
  checkName(layer);
  if (isModel(layer)) return writeContainer(layer, around);
  if (layer.getClassName() === "InputLayer") {
    const { batchInputShape, dtype } = layer.getConfig();
    return inputObject(
      layer.name,
      batchInputShape as tf.Shape,
      dtype as tf.DataType,
    );
  }
  const kind = kindInTfjs(layer, owner);
  const inner = Object.entries(kind.children).map(([key, member]) => {
    const value = (layer as unknown as Record<string, Layer | Layer[]>)[
      member
    ]!;
    const write = (each: Layer) => withoutPrefix(writeLayer(each, around));
    return [key, Array.isArray(value) ? value.map(write) : write(value)];
  });
  const isFrozen =
    layer.weights.length > 0 && !(around.isTrained && isTrained(layer));
  return kerasObject("keras.layers", kind.keras, {
    name: layer.name,
    // Some layers without weights do not accept it.
    ...(isFrozen ? { trainable: false } : {}),
    dtype: "float32",
    ...writeConfig(kind, layer, owner),
    ...(Object.fromEntries(inner) as KerasConfig),
  });
}

function checkName({ name }: Layer): void {
  if (!name.includes("/")) return;
  throw refusal(`names of layers without "/"`, shortText(name));
}

/** A bidirectional layer adds a prefix to the name of the layer that it copies, also in Keras. */
function withoutPrefix(object: KerasObject): KerasObject {
  const name = (object.config["name"] as string).replace(/^forward_/, "");
  return { ...object, config: { ...object.config, name } };
}

/** Freezing a model marks the weights of its layers, not the layers. */
function isTrained(layer: Layer): boolean {
  if (!layer.trainable) return false;
  const { weights, trainableWeights } = layer;
  const own = (
    layer as unknown as {
      readonly _trainableWeights?: readonly { readonly trainable: boolean }[];
    }
  )._trainableWeights;
  const isFrozen =
    trainableWeights.length === 0 && weights.length > 0 && own?.length !== 0;
  return !isFrozen;
}
