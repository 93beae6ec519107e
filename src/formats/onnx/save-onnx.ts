/**
 * Saves models as ONNX files.
 */
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { version } from "../../package.json";
import { replaceFile } from "../../replace-file";
import { Graph } from "./graph";
import { encodeModel, type PortMessage } from "./messages";
import { checkLayers, writeModel } from "./model-writer";
import { Value, type ValueType } from "./value";

/** Options of {@link saveOnnx}. */
export interface SaveOnnxOptions {
  /** A human-readable description of the model; none by default. */
  readonly description?: string;
  /** Further texts by name, such as the names of the classes; none by default. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The lowest version with `LayerNormalization`; onnxruntime reads it since 1.12 (2022). */
const opset = 17;

/** The version of the format that came with this opset. */
const irVersion = 8;

/** A protocol buffer message, and therefore an ONNX file, has at most 2 GiB − 1 byte. */
const mostBytes = 2 ** 31 - 1;

/**
 * Saves a model for prediction as an ONNX file, which onnxruntime and other programs run, and
 * returns its path. Replaces an existing file.
 *
 * Inputs and outputs have the names, the shapes and the order of axes of the model; their first
 * axis is called "batch" and has any length. Layers that act in training only, such as dropout, are
 * left out; batch normalization uses its moving averages. The optimizer and the losses are not
 * saved.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) that names the layers, if some have no counterpart in ONNX,
 * or options that have none, and if the file would have more than 2 GiB; an Error
 * (`ERR_INVALID_STATE`) if the model is not built; an Error (`ERR_DISK`) if the file cannot be
 * written. In all these cases an existing file stays.
 *
 * Source: ONNX 1.12, opset 17, IR version 8.
 */
export async function saveOnnx(
  model: tf.LayersModel,
  path: string,
  options: SaveOnnxOptions = {},
): Promise<string> {
  await replaceFile(path, [encodeOnnx(model, options)]);
  return path;
}

/** Returns the content of the file that {@link saveOnnx} writes; throws the same errors. */
export function encodeOnnx(
  model: tf.LayersModel,
  options: SaveOnnxOptions = {},
): Uint8Array {
  checkBuilt(model);
  checkLayers(model);
  checkSize(model);
  const graph = new Graph();
  const inputs = model.inputs.map((tensor, index) => {
    const name = graph.reserve(model.inputNames[index]!);
    const value = new Value(
      graph,
      tensor.shape,
      { given: name },
      typeOf(tensor),
    );
    return { name, value };
  });
  // Before all other names, so that outputs have exactly the model's.
  const names = model.outputNames.map((name) => graph.reserve(name));
  const outputs = writeModel(
    graph,
    model,
    inputs.map(({ value }) => value),
  );
  const { nodes, tensors } = graph.finish(
    outputs.map((value, index) => [value.name, names[index]!]),
  );
  const content = encodeModel({
    irVersion,
    opset,
    producer: "convnotes",
    producerVersion: version,
    description: options.description ?? "",
    metadata: options.metadata ?? {},
    graphName: model.name,
    nodes,
    tensors,
    inputs: inputs.map(({ name, value }) =>
      port(name, value, (axis) => `${name}_${axis}`),
    ),
    outputs: outputs.map((value, index) =>
      port(names[index]!, value, () => null),
    ),
  });
  checkBytes(content.length);
  return content;
}

/** Describes an input or output; `nameOf` names axes of unknown length. */
function port(
  name: string,
  { shape, type }: Value,
  nameOf: (axis: number) => string | null,
): PortMessage {
  const axes = shape.map(
    (length, axis) => length ?? (axis === 0 ? "batch" : nameOf(axis)),
  );
  return { name, type, shape: axes };
}

function typeOf({ dtype, name }: tf.SymbolicTensor): ValueType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") {
    return dtype;
  }
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected inputs of the type float32, int32 or bool, received ${dtype} for ${name}`,
    ),
  );
}

function checkBuilt(model: tf.LayersModel): void {
  const { inputs, outputs, outputNames } = model as Partial<tf.LayersModel>;
  if ((inputs?.length ?? 0) > 0 && (outputs?.length ?? 0) > 0) {
    // A sequential model has names of inputs and outputs only after its first use.
    if (outputNames?.length === 0) model.build(inputs![0]!.shape);
    return;
  }
  throw coded(
    "ERR_INVALID_STATE",
    new Error(
      `Expected a model with inputs and outputs, received ${model.name}, which is not built; give its first layer an \`inputShape\``,
    ),
  );
}

/** Checks the size by the shapes of the weights, before any is read. */
function checkSize(model: tf.LayersModel): void {
  const values = [...new Set(model.weights)].reduce(
    (sum, { shape }) =>
      sum + shape.reduce<number>((product, length) => product * length!, 1),
    0,
  );
  checkBytes(values * Float32Array.BYTES_PER_ELEMENT);
}

function checkBytes(bytes: number): void {
  if (bytes <= mostBytes) return;
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected a model of at most ${mostBytes} bytes, which is the limit of an ONNX file, received ${bytes} bytes`,
    ),
  );
}
