/**
 * Writes the layers of a model into an ONNX graph, from its inputs to its outputs.
 */
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { layersOf, wrappedLayers } from "../sublayers";
import type { Graph } from "./graph";
import { layerWriters } from "./layer-table";
import { isStock } from "./layer-writer";
import type { Shape, Value } from "./value";

type Layer = tf.layers.Layer;
type Inputs = readonly [Value, ...Value[]];

/** A call of a layer: what connects its inputs with its outputs in a model. */
interface CallNode {
  readonly inputTensors: readonly tf.SymbolicTensor[];
  readonly outputTensors: readonly tf.SymbolicTensor[];
}

/** Members of tfjs's symbolic tensors and layers that its types do not declare. */
interface Source {
  readonly nodeIndex: number;
  readonly sourceLayer: { readonly inboundNodes: readonly CallNode[] };
}

/**
 * Checks that every layer of a model, also within others, can be written. Throws one Error
 * (`ERR_UNSUPPORTED`) that names all others.
 */
export function checkLayers(model: tf.LayersModel): void {
  const refused = [...new Set(allLayers(model))].filter(
    (layer) => !isWritable(layer),
  );
  if (refused.length === 0) return;
  const names = refused.map(
    (layer) =>
      `${layer.getClassName()} (${layer.name}${isStock(layer) ? "" : ", with code of its own"})`,
  );
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected layers that have a counterpart in ONNX, received ${names.join(", ")}`,
    ),
  );
}

/** Returns a layer and all within it. */
function allLayers(layer: Layer): Layer[] {
  const inner = layersOf(layer) ?? wrappedLayers(layer);
  return [layer, ...inner.flatMap(allLayers)];
}

function isWritable(layer: Layer): boolean {
  const name = layer.getClassName();
  const isKnown =
    name === "InputLayer" ||
    layersOf(layer) !== undefined ||
    layerWriters[name] !== undefined;
  return isKnown && isStock(layer);
}

/** Adds the operators of a model to the graph and returns the model's outputs. */
export function writeModel(
  graph: Graph,
  model: tf.LayersModel,
  inputs: readonly Value[],
): Value[] {
  const values = new Map<number, Value>(
    model.inputs.map((tensor, index) => [tensor.id, inputs[index]!]),
  );
  const valueOf = (tensor: tf.SymbolicTensor): Value => {
    const known = values.get(tensor.id);
    if (known !== undefined) return known;
    const { nodeIndex, sourceLayer } = tensor as unknown as Source;
    const { inputTensors, outputTensors } =
      sourceLayer.inboundNodes[nodeIndex]!;
    const given = inputTensors.map(valueOf);
    const layer = sourceLayer as unknown as Layer;
    const outputs = writeLayer(graph, layer, given as [Value, ...Value[]]);
    outputTensors.forEach(({ id }, index) => values.set(id, outputs[index]!));
    return values.get(tensor.id)!;
  };
  return model.outputs.map(valueOf);
}

function writeLayer(
  graph: Graph,
  layer: Layer,
  inputs: Inputs,
): readonly Value[] {
  return graph.within(layer.name, () =>
    layersOf(layer) === undefined
      ? layerWriters[layer.getClassName()]!({
          graph,
          layer,
          inputs,
          shapes: outputShapes(layer, inputs),
          write: (inner, values) => writeLayer(graph, inner, values),
        })
      : writeModel(graph, layer as tf.LayersModel, inputs),
  );
}

function outputShapes(layer: Layer, inputs: Inputs): [Shape, ...Shape[]] {
  // Copies, because some layers of tfjs change the shapes that they receive.
  const shapes = inputs.map(({ shape }) => [...shape]);
  const output = layer.computeOutputShape(
    shapes.length === 1 ? shapes[0]! : shapes,
  );
  const isOne = output.every((each) => !Array.isArray(each));
  return (isOne ? [output] : output) as [Shape, ...Shape[]];
}
