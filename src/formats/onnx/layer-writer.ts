/**
 * What the functions that write one class of layers receive and return.
 */
import {
  isStockFunction,
  isStockInstance,
} from "../../engine/parts/stock-functions";
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import type { Graph } from "./graph";
import type { Shape, Value } from "./value";

/** The call of a layer in a model. */
export interface LayerCall<Fields = unknown> {
  readonly graph: Graph;
  readonly layer: tf.layers.Layer & Fields;
  /** The layer's inputs, at least one. */
  readonly inputs: readonly [Value, ...Value[]];
  /** The shapes of the layer's outputs as TensorFlow.js computes them. */
  readonly shapes: readonly [Shape, ...Shape[]];
  /** Writes another layer, for layers that contain one. */
  write(
    layer: tf.layers.Layer,
    inputs: readonly [Value, ...Value[]],
  ): readonly Value[];
}

/** Adds the operators of a layer to the graph and returns its outputs. */
export type LayerWriter = (call: LayerCall) => readonly Value[];

/**
 * Makes a writer that reads fields of the layer that the types of TensorFlow.js do not declare.
 * `Fields` declares them.
 */
export function writer<Fields>(
  write: (call: LayerCall<Fields>) => Value | readonly Value[],
): LayerWriter {
  return (call) => [write(call as LayerCall<Fields>)].flat();
}

/** Whether a layer is one of TensorFlow.js or of this library, unchanged. */
export function isStock(layer: tf.layers.Layer): boolean {
  return isStockInstance(layer) && isStockFunction(layer.call);
}

/** The error for a layer that cannot be written. */
export function unsupported(
  layer: tf.layers.Layer,
  rule: string,
  received: string,
): Error {
  return coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected ${rule} in a layer for ONNX, received ${received} in the layer ${layer.name} (${layer.getClassName()})`,
    ),
  );
}
