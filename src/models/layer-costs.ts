/**
 * What each layer costs, in memory and in work, for one picture.
 */
import type { tf } from "../engine/tensorflow";
import { kerasLayerNames, kerasType } from "./layer-names";

type Layer = tf.layers.Layer;

/** What one layer costs when one picture goes through. */
export interface LayerCost {
  /** Name of the layer, as a summary gives it. */
  readonly name: string;
  /** Class of the layer, such as `Conv2D`. */
  readonly type: string;
  /** Shape of its output, without the batch axis. */
  readonly outputShape: readonly number[];
  /** Numbers in its output: at 4 bytes each, the memory the output takes. */
  readonly values: number;
  /** Number of its parameters, trainable or not. */
  readonly parameters: number;
  /** Products of a weight and a value that have to be taken. */
  readonly products: number;
}

/** Layers that lay one and the same kernel on every place of their output. */
const kernelLayers = new Set([
  "Conv1D",
  "Conv2D",
  "Conv3D",
  "DepthwiseConv2D",
  "Dense",
]);

/**
 * Output values, parameters and products of every layer of a model, in the order of the layers; inputs are left out.
 *
 * A convolution takes all weights of its kernel at every place of its output, zeros of the padding included, and a dense
 * layer each weight once. Normalising takes one product a value. Pooling, adding, activations and what else has no weights
 * count as none, as is the custom: they are a small part of the work. Nothing is computed, so that a model
 * of any size can be asked.
 *
 * Throws a RangeError if a layer is used more than once, has an output of unknown size, keeps channels first, or has weights of a
 * kind not named here.
 */
export function layerCosts(model: tf.LayersModel): LayerCost[] {
  const layers = model.layers.filter(
    (layer) => layer.getClassName() !== "InputLayer",
  );
  const names = kerasLayerNames(layers);
  return layers.map((layer, index) => {
    const name = names[index]!;
    const outputShape = outputShapeOf(layer, name);
    return {
      name,
      type: kerasType(layer),
      outputShape,
      values: product(outputShape),
      parameters: layer.countParams(),
      products: productsOf(layer, name, outputShape),
    };
  });
}

/** Shape of a layer's only output, without its batch axis. Throws a RangeError, calling the layer `name`, if it has not one known shape. */
export function outputShapeOf(layer: Layer, name: string): number[] {
  if (layer.inboundNodes.length !== 1) {
    throw new RangeError(
      `Expected every layer to be used once, received ${name}, used ${layer.inboundNodes.length} times`,
    );
  }
  const { output } = layer;
  if (Array.isArray(output) || output.shape.slice(1).includes(null)) {
    const received = Array.isArray(output)
      ? "several outputs"
      : `(${output.shape.map((length) => length ?? "None").join(", ")})`;
    throw new RangeError(
      `Expected every layer to have one output of known size, received ${name} with ${received}`,
    );
  }
  return output.shape.slice(1) as number[];
}

function productsOf(
  layer: Layer,
  name: string,
  outputShape: readonly number[],
): number {
  const type = kerasType(layer);
  if (layer.getConfig().dataFormat === "channelsFirst") {
    throw new RangeError(
      `Expected layers that keep channels last, received ${name}, which keeps them first`,
    );
  }
  if (layer.weights.length === 0) return 0;
  if (type === "BatchNormalization") return product(outputShape);
  if (!kernelLayers.has(type)) {
    throw new RangeError(
      `Expected layers with weights to be convolutions, dense layers or normalisations, received ${name} (${type})`,
    );
  }
  const kernel = layer.weights[0]!.shape as number[];
  return product(outputShape.slice(0, -1)) * product(kernel);
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((result, length) => result * length, 1);
}
