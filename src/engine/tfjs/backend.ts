/**
 * The engine room's cellar: tfjs-node's backend, the public part of it that the engine uses, with types.
 *
 * A backend is what executes kernels. tfjs-node's hands every kernel to TensorFlow as one or more *operations*, by
 * `executeSingleOutput` and `executeMultipleOutputs`; it can also load a graph of operations and run it whole.
 */
import { tf } from "./library";
import type { Attribute } from "./attribute";

/** Identity of the bucket that holds a tensor's numbers; several tensors may share one. */
export type DataId = object;

/** Numbers as a backend gives and takes them. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** What tfjs-node's backend offers; all of these are public members of its class. */
export interface Backend {
  executeSingleOutput(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
  executeMultipleOutputs(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  readSync(dataId: DataId): Values;
  write(values: unknown, shape: number[], dtype: tf.DataType): DataId;
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  runSavedModel(
    session: number,
    inputs: readonly tf.Tensor[],
    inputNames: readonly { readonly name: string }[],
    outputNames: readonly string[],
  ): tf.Tensor[];
  deleteSavedModel(session: number): void;
}

/** The backend in use, which is tfjs-node's for as long as nobody sets another. */
export function backend(): Backend {
  return tf.backend() as unknown as Backend;
}

/** Whether tfjs-node's backend is the one in use; the engine works with no other. */
export function isTensorFlowBackend(): boolean {
  return tf.getBackend() === "tensorflow";
}

/**
 * Executes one TensorFlow operation that has one output.
 *
 * Throws an Error with TensorFlow's message if it refuses the inputs or attributes.
 */
export function execute(
  operation: string,
  attributes: readonly Attribute[],
  inputs: readonly tf.TensorInfo[],
): tf.Tensor {
  return backend().executeSingleOutput(operation, attributes, inputs);
}
