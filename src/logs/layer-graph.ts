/**
 * The layers of a model as a graph, which TensorBoard draws.
 *
 * Each use of a layer is a node: its operation is the layer's class, its inputs are the layers
 * whose outputs it takes. The layers of a model within a model have that model's name before their
 * own, so TensorBoard draws them as a box that can be opened.
 */
import { graphMessage, shapeMessage } from "../engine/graph/messages";
import { dataTypeOf } from "../engine/tfjs/attribute";
import {
  messages,
  type AttributeMessage,
  type NodeMessage,
} from "../engine/tfjs/graph-messages";
import { tf } from "../engine/tensorflow";

/** Encodes the layers of a model as a graph (graph.proto). */
export function encodeLayerGraph(model: tf.LayersModel): Uint8Array {
  const nodes: NodeMessage[] = [];
  addModel(nodes, model, "", undefined);
  return graphMessage(nodes).serializeBinary();
}

/**
 * Adds the layers of a model, and returns the names of its outputs. `scope` begins the names of its
 * layers. `inputs` are the names of what the model is applied to; undefined for a model that is not
 * within another.
 */
function addModel(
  nodes: NodeMessage[],
  model: tf.LayersModel,
  scope: string,
  inputs: readonly string[] | undefined,
): string[] {
  /** Names of the outputs of each use of a layer. */
  const outputsOf = new Map<string, readonly string[]>();
  const usesOf = new Map<tf.layers.Layer, number>();
  const visit = (tensor: tf.SymbolicTensor): string => {
    const { sourceLayer: layer, nodeIndex, tensorIndex } = tensor;
    const key = `${layer.id} ${nodeIndex}`;
    const known = outputsOf.get(key);
    if (known !== undefined) return known[tensorIndex]!;
    const { inputTensors, outputTensors } = layer.inboundNodes[nodeIndex]!;
    const isInput = inputTensors.every((each) => each.sourceLayer === layer);
    const outer = isInput
      ? inputs?.[model.inputs.findIndex(({ id }) => id === tensor.id)]
      : undefined;
    const from = isInput
      ? outer === undefined
        ? []
        : [outer]
      : inputTensors.map(visit);
    const uses = usesOf.get(layer) ?? 0;
    usesOf.set(layer, uses + 1);
    const name = `${scope}${layer.name}${uses === 0 ? "" : `_${uses}`}`;
    let outputs: readonly string[];
    if (layer instanceof tf.LayersModel) {
      outputs = addModel(nodes, layer, `${name}/`, from);
    } else {
      nodes.push(nodeOf(layer, name, from, outputTensors));
      outputs = outputTensors.map((_, index) =>
        index === 0 ? name : `${name}:${index}`,
      );
    }
    outputsOf.set(key, outputs);
    return outputs[tensorIndex]!;
  };
  return model.outputs.map(visit);
}

function nodeOf(
  layer: tf.layers.Layer,
  name: string,
  inputs: readonly string[],
  outputs: readonly tf.SymbolicTensor[],
): NodeMessage {
  const node = new messages.NodeDef();
  node.setName(name);
  node.setOp(layer.getClassName());
  node.setInputList(inputs);
  const attributes = node.getAttrMap();
  // TensorBoard writes these shapes beside the lines.
  const shapes = new messages.AttrValue.ListValue();
  shapes.setShapeList(
    outputs.map(({ shape }) => shapeMessage(shape.map((size) => size ?? -1))),
  );
  attributes.set(
    "_output_shapes",
    attributeWith((value) => value.setList(shapes)),
  );
  const type = dataTypeOf(outputs[0]!.dtype);
  if (type !== undefined) {
    attributes.set(
      "dtype",
      attributeWith((value) => value.setType(type)),
    );
  }
  attributes.set(
    "parameters",
    attributeWith((value) => value.setI(layer.countParams())),
  );
  return node;
}

function attributeWith(set: (value: AttributeMessage) => void) {
  const value = new messages.AttrValue();
  set(value);
  return value;
}
