/**
 * Memory and compute cost of each layer for one image.
 */
import type { tf } from "../engine/tensorflow";
import { withFormerNames } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import { kerasLayerNames, kerasType } from "./layer-names";

type Layer = tf.layers.Layer;

/** Cost of one layer in the forward pass of one image. */
export interface LayerCost {
  /** Name of the layer, as in a summary. */
  readonly name: string;
  /** Class of the layer, such as `Conv2D`. */
  readonly type: string;
  /** Shape of its output, without the batch axis. */
  readonly outputShape: readonly number[];
  /** Number of output values. Each takes 4 bytes of memory. */
  readonly values: number;
  /** Number of its parameters, trainable or not. */
  readonly parameters: number;
  /** Number of multiplications of a weight and a value. */
  readonly multiplications: number;
  /** @deprecated Use `multiplications`. */
  readonly products: number;
}

/** Layers that apply the same kernel at every position of their output. */
const kernelLayers = new Set([
  "Conv1D",
  "Conv2D",
  "Conv3D",
  "DepthwiseConv2D",
  "Dense",
]);

/**
 * Returns the output values, parameters and multiplications of every layer of a model, in the order
 * of the layers, without input layers.
 *
 * A convolution multiplies all weights of its kernel at every position of its output, including
 * zeros of the padding; a dense layer uses each weight once. Batch normalization takes one
 * multiplication per value. Pooling, addition, activations and other layers without weights count
 * as zero, as is conventional: they are a small part of the work. Nothing is computed, so models
 * may have any size.
 *
 * Throws a RangeError if a layer has an output of unknown size (`ERR_SHAPE`), or if it is used more
 * than once, has channels first, or has weights of a kind not listed here (`ERR_UNSUPPORTED`).
 */
export function layerCosts(model: tf.LayersModel): LayerCost[] {
  const layers = model.layers.filter(
    (layer) => layer.getClassName() !== "InputLayer",
  );
  const names = kerasLayerNames(layers);
  return layers.map((layer, index) => {
    const name = names[index]!;
    const outputShape = outputShapeOf(layer, name);
    return withFormerNames(
      "LayerCost",
      {
        name,
        type: kerasType(layer),
        outputShape,
        values: product(outputShape),
        parameters: layer.countParams(),
        multiplications: multiplicationsOf(layer, name, outputShape),
      },
      { products: "multiplications" },
    );
  });
}

/**
 * Returns the shape of a layer's only output, without its batch axis. Throws a RangeError that
 * contains `name` unless the layer is used once (`ERR_UNSUPPORTED`) and has one output of known
 * shape (`ERR_SHAPE`).
 */
export function outputShapeOf(layer: Layer, name: string): number[] {
  if (layer.inboundNodes.length !== 1) {
    throw coded(
      "ERR_UNSUPPORTED",
      new RangeError(
        `Expected every layer to be used once, received ${name}, used ${layer.inboundNodes.length} times`,
      ),
    );
  }
  const { output } = layer;
  if (Array.isArray(output) || output.shape.slice(1).includes(null)) {
    const received = Array.isArray(output)
      ? "several outputs"
      : `(${output.shape.map((length) => length ?? "None").join(", ")})`;
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected every layer to have one output of known size, received ${name} with ${received}`,
      ),
    );
  }
  return output.shape.slice(1) as number[];
}

function multiplicationsOf(
  layer: Layer,
  name: string,
  outputShape: readonly number[],
): number {
  const type = kerasType(layer);
  if (layer.getConfig().dataFormat === "channelsFirst") {
    throw coded(
      "ERR_UNSUPPORTED",
      new RangeError(
        `Expected layers with channels last, received ${name} with channels first`,
      ),
    );
  }
  if (layer.weights.length === 0) return 0;
  if (type === "BatchNormalization") return product(outputShape);
  if (!kernelLayers.has(type)) {
    throw coded(
      "ERR_UNSUPPORTED",
      new RangeError(
        `Expected layers with weights to be convolutions, dense layers or normalizations, received ${name} (${type})`,
      ),
    );
  }
  const kernel = layer.weights[0]!.shape as number[];
  return product(outputShape.slice(0, -1)) * product(kernel);
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((result, length) => result * length, 1);
}
