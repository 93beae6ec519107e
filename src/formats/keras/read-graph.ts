/**
 * Creates a functional model of TensorFlow.js from a Keras configuration.
 *
 * Source: Keras 3, `models/functional.py`, `functional_from_config`.
 */
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { inputType } from "./data-types";
import {
  asLayerObject,
  checkInput,
  isRecord,
  refusal,
  refusing,
  shortText,
  type KerasConfig,
} from "./keras-object";

type Layer = tf.layers.Layer;

/** Creates a layer from its configuration and the shape of its first input. */
type LayerMaker = (value: unknown, inputShape: tf.Shape) => Layer;

/** A tensor of the graph: the layer, the number of its call, and the number of the output. */
type TensorPlace = readonly [layer: string, use: number, output: number];

/** The calls of a layer that have been made so far, and those to make. */
interface Calls {
  readonly object: KerasConfig;
  layer?: Layer;
  readonly outputs: tf.SymbolicTensor[][];
  readonly pending: unknown[];
}

/**
 * Creates a functional model. Throws an Error (`ERR_FILE_FORMAT`) if a call needs a tensor that no
 * layer computes, and an Error (`ERR_UNSUPPORTED`) for arguments that TensorFlow.js does not have.
 */
export function readGraph(
  config: KerasConfig,
  makeLayer: LayerMaker,
): tf.LayersModel {
  const name = String(config["name"]);
  const layers = new Map<string, Calls>();
  for (const object of listOf(config["layers"])) {
    if (!isRecord(object)) throw malformed(`the model ${name}`, object);
    asLayerObject(object);
    const { name: layerName, inbound_nodes: uses } = object;
    layers.set(String(layerName), {
      object,
      outputs: object["class_name"] === "InputLayer" ? [[inputOf(object)]] : [],
      pending: [...listOf(uses)],
    });
  }
  makeCalls(layers, makeLayer, name);
  const owner = `the model ${name}`;
  const tensors = (value: unknown) =>
    placesOf(value, name).map(([layer, use, output]) => {
      const calls = layers.get(layer);
      const tensor =
        calls?.outputs[isNestedGraph(calls) ? use - 1 : use]?.[output];
      if (tensor === undefined) throw malformed(owner, value);
      return tensor;
    });
  const outputs = tensors(config["output_layers"]);
  if (new Set(outputs).size < outputs.length) {
    throw refusal(
      `each output of ${owner} once`,
      `the outputs ${outputs.map((each) => each.sourceLayer.name).join(", ")}`,
    );
  }
  return refusing(owner, () =>
    tf.model({ inputs: tensors(config["input_layers"]), outputs, name }),
  );
}

/** In Keras a functional model has a use of its own before its uses in other models. */
function isNestedGraph({ object }: Calls): boolean {
  return object["class_name"] === "Functional";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function malformed(owner: string, received: unknown): Error {
  return coded(
    "ERR_FILE_FORMAT",
    new Error(
      `Expected ${owner} to consist of connected layers, received ${shortText(received)}`,
    ),
  );
}

function inputOf(object: KerasConfig): tf.SymbolicTensor {
  const config = isRecord(object["config"]) ? object["config"] : {};
  const name = String(config["name"]);
  const shape = config["batch_shape"] ?? config["batch_input_shape"];
  const owner = `the input ${name}`;
  if (!Array.isArray(shape)) throw malformed(owner, config);
  checkInput(name, shape, owner);
  return tf.input({
    batchShape: shape as tf.Shape,
    dtype: inputType(config["dtype"], owner),
    name,
  });
}

/** Makes the calls in rounds: each makes those whose inputs exist. */
function makeCalls(
  layers: ReadonlyMap<string, Calls>,
  makeLayer: LayerMaker,
  name: string,
): void {
  let hasProgress = true;
  while (hasProgress) {
    hasProgress = false;
    for (const calls of layers.values()) {
      while (calls.pending.length > 0 && call(calls, layers, makeLayer)) {
        calls.pending.shift();
        hasProgress = true;
      }
    }
  }
  for (const [layer, { pending }] of layers) {
    if (pending.length === 0) continue;
    throw malformed(`the layer ${layer} of the model ${name}`, pending[0]);
  }
}

/** Makes the first pending call of a layer. Returns false if an input does not exist yet. */
function call(
  calls: Calls,
  layers: ReadonlyMap<string, Calls>,
  makeLayer: LayerMaker,
): boolean {
  const owner = `the layer ${String(calls.object["name"])}`;
  const use = calls.pending[0];
  if (!isRecord(use) || !Array.isArray(use["args"])) {
    throw malformed(owner, use);
  }
  const inputs = places(use["args"], owner);
  const { initialState, ...options } = callOptions(use["kwargs"], owner);
  const found = [...inputs, ...initialState].map(
    ([layer, number, output]) => layers.get(layer)?.outputs[number]?.[output],
  );
  if (found.some((tensor) => tensor === undefined)) return false;
  const tensors = found as tf.SymbolicTensor[];
  if (tensors.length === 0) throw malformed(owner, use);
  calls.layer ??= makeLayer(calls.object, tensors[0]!.shape);
  const { layer } = calls;
  const output = refusing(owner, () =>
    layer.apply(tensors.length === 1 ? tensors[0]! : tensors, options),
  ) as tf.SymbolicTensor | tf.SymbolicTensor[];
  calls.outputs.push([output].flat());
  return true;
}

/** Returns the tensors of a call's arguments, also within a list. */
function places(args: readonly unknown[], owner: string): TensorPlace[] {
  return args.flatMap((each) => {
    if (Array.isArray(each)) return places(each as unknown[], owner);
    const config = isRecord(each) ? each["config"] : undefined;
    const place = isRecord(config) ? config["keras_history"] : undefined;
    if (!isPlace(place)) {
      throw refusal(`only tensors as arguments of ${owner}`, shortText(each));
    }
    return [place];
  });
}

/** Returns the named arguments of a call. */
function callOptions(
  kwargs: unknown,
  owner: string,
): { initialState: readonly TensorPlace[]; training?: boolean } {
  const given = Object.entries(isRecord(kwargs) ? kwargs : {}).filter(
    ([, value]) => !isNothing(value),
  );
  const { initial_state: state, training, ...rest } = Object.fromEntries(given);
  const [other] = Object.keys(rest);
  if (other !== undefined) {
    throw refusal(
      `calls of ${owner} with training and initial_state at most`,
      other,
    );
  }
  return {
    initialState: state === undefined ? [] : places([state], owner),
    ...(typeof training === "boolean" ? { training } : {}),
  };
}

/** Whether an argument is none, such as a mask for each of several inputs that have none. */
function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every(isNothing));
}

/** Returns the tensors of a model's inputs or outputs: one, a list, or by name. */
function placesOf(value: unknown, name: string): TensorPlace[] {
  if (isPlace(value)) return [value];
  if (Array.isArray(value)) {
    return value.flatMap((each) => placesOf(each, name));
  }
  if (isRecord(value)) {
    return keysOf(value).flatMap((key) => placesOf(value[key], name));
  }
  throw malformed(`the model ${name}`, value);
}

/** Returns the names of tensors in Keras's order. */
function keysOf(value: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(value).sort();
}

/** Returns Keras's names of a model's outputs, in order; none if they have no names. */
export function outputKeys(config: unknown): string[] {
  const outputs = isRecord(config) ? config["output_layers"] : undefined;
  return isRecord(outputs) ? keysOf(outputs) : [];
}

function isPlace(value: unknown): value is TensorPlace {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    typeof value[0] === "string" &&
    Number.isInteger(value[1])
  );
}
