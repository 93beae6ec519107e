/**
 * The layers within layers: of models, wrappers and recurrent layers. Members that TensorFlow.js
 * does not declare in its types are read here only.
 */
import { tf } from "../../engine/tensorflow";

type Layer = tf.layers.Layer;

/** One use of a layer in a functional model. */
export interface LayerUse {
  readonly inboundLayers: readonly Layer[];
  readonly nodeIndices: readonly number[];
  readonly tensorIndices: readonly number[];
  readonly inputTensors: readonly tf.SymbolicTensor[];
  readonly outputTensors: readonly tf.SymbolicTensor[];
  readonly callArgs?: Readonly<Record<string, unknown>> | null;
}

/** A model whose layers may be used several times. */
export type Model = tf.LayersModel & {
  readonly containerNodes: ReadonlySet<string>;
  readonly inputLayers: readonly Layer[];
  readonly outputLayers: readonly Layer[];
  readonly outputLayersNodeIndices: readonly number[];
  readonly outputLayersTensorIndices: readonly number[];
};

/** Whether a layer is a model. */
export function isModel(layer: Layer): layer is Model {
  return layer instanceof tf.LayersModel;
}

/** Whether a model is a sequence of layers. */
export function isSequential(model: Layer): boolean {
  return model.getClassName() === "Sequential";
}

/** Returns the layers of a model as Keras stores them: a sequence has no input layer. */
export function storedLayersOf(model: tf.LayersModel): Layer[] {
  return isSequential(model)
    ? model.layers.filter((layer) => layer.getClassName() !== "InputLayer")
    : model.layers;
}

/** Returns the uses of a layer that belong to a model, in the order of the calls. */
export function usesIn(model: Model, layer: Layer): LayerUse[] {
  return allUses(layer).filter((_, index) => isUsed(model, layer, index));
}

/** Returns the number of a use among those that belong to a model. */
export function useNumber(model: Model, layer: Layer, index: number): number {
  return allUses(layer)
    .slice(0, index)
    .filter((_, each) => isUsed(model, layer, each)).length;
}

function allUses(layer: Layer): readonly LayerUse[] {
  return layer.inboundNodes;
}

function isUsed(model: Model, layer: Layer, index: number): boolean {
  return model.containerNodes.has(`${layer.name}_ib-${index}`);
}

/** Members of wrappers and recurrent layers that are layers, by Keras's names. */
const members: Readonly<Record<string, string>> = {
  cell: "cell",
  forward_layer: "forwardLayer",
  backward_layer: "backwardLayer",
  layer: "layer",
};

/** Returns the layers within a wrapper or a recurrent layer, by Keras's names. */
export function innerLayers(layer: Layer): [name: string, inner: Layer][] {
  const owner = layer as unknown as Readonly<Record<string, Layer | undefined>>;
  return Object.entries(members).flatMap(([name, member]) => {
    const inner = owner[member];
    return inner === undefined ? [] : [[name, inner] as [string, Layer]];
  });
}

/** Returns the cells of a cell that consists of others. */
export function innerCells(layer: Layer): readonly Layer[] {
  return layer.getClassName() === "StackedRNNCells"
    ? (layer as unknown as { readonly cells: readonly Layer[] }).cells
    : [];
}
