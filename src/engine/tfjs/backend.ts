/**
 * Types of tfjs-node's backend: the part of its public interface that the engine uses.
 *
 * A backend executes kernels. tfjs-node's backend passes every kernel to TensorFlow as one or more
 * *operations*, by `executeSingleOutput` and `executeMultipleOutputs`. It can also load a graph of
 * operations and run it as a whole.
 */
import { coded } from "../../notebook/coded-error";
import type { Attribute } from "./attribute";
import type { DataId, Values } from "./data";
import { tfjsEngine } from "./engine-state";
import { tf } from "./library";

export type { DataId, Values } from "./data";

/** The members of tfjs-node's backend that are used; all are public members of its class. */
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

const backendName = "tensorflow";

/**
 * Returns tfjs-node's backend, even while tfjs uses another one: sessions and recordings belong to
 * tfjs-node's.
 *
 * Throws an Error (`ERR_INVALID_STATE`) if tfjs no longer has it.
 */
export function backend(): Backend {
  const found: unknown = tf.findBackend(backendName);
  if (found == null) {
    throw coded(
      "ERR_INVALID_STATE",
      new Error(
        `Expected tfjs to have the backend "${backendName}", which tfjs-node registers, found none`,
      ),
    );
  }
  return found as Backend;
}

/** Whether tfjs-node's backend is in use; the engine works with no other. */
export function isTensorFlowBackend(): boolean {
  return tf.getBackend() === backendName;
}

/**
 * Runs a function with tfjs-node's backend in use, and restores the previous backend afterwards.
 * Tensors created meanwhile belong to tfjs-node's backend; tfjs moves their values to the other one
 * when they are used there.
 */
export function withTensorFlowBackend<Result>(run: () => Result): Result {
  if (isTensorFlowBackend()) return run();
  const engine = tfjsEngine();
  const { backendName: name, backendInstance: instance } = engine;
  engine.backendInstance = backend();
  engine.backendName = backendName;
  try {
    return run();
  } finally {
    engine.backendName = name;
    engine.backendInstance = instance;
  }
}

/**
 * Executes one TensorFlow operation with a single output, whichever backend tfjs uses.
 *
 * Throws an Error with TensorFlow's message if it rejects the inputs or attributes.
 */
export function execute(
  operation: string,
  attributes: readonly Attribute[],
  inputs: readonly tf.TensorInfo[],
): tf.Tensor {
  if (isTensorFlowBackend()) {
    return backend().executeSingleOutput(operation, attributes, inputs);
  }
  return withTensorFlowBackend(() => {
    const copies = inputs.map(copyOf);
    const output = backend().executeSingleOutput(operation, attributes, copies);
    tf.dispose(copies);
    return output;
  });
}

/**
 * Returns a copy for tfjs-node's backend. Data that tfjs moves on its own arrives in its original
 * shape, because another backend's `reshape` shares the data and does not store the new shape
 * there.
 */
function copyOf({ dataId, shape, dtype }: tf.TensorInfo): tf.Tensor {
  return tf.tensor(tf.engine().readSync(dataId), shape, dtype);
}
