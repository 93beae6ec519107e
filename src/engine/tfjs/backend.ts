/**
 * tfjs-node's backend: the public part of it that the engine uses, with types.
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

const backendName = "tensorflow";

/**
 * tfjs-node's backend, also while tfjs uses another one: sessions and what is recorded belong to this one.
 *
 * Throws an Error if tfjs has it no more.
 */
export function backend(): Backend {
  const found: unknown = tf.findBackend(backendName);
  if (found == null) {
    throw new Error(
      `Expected tfjs to have the backend "${backendName}", which tfjs-node registers, found none`,
    );
  }
  return found as Backend;
}

/** Whether tfjs-node's backend is the one in use; the engine works with no other. */
export function isTensorFlowBackend(): boolean {
  return tf.getBackend() === backendName;
}

/**
 * Runs with tfjs-node's backend in use, and gives tfjs the other one back where that was in use. Tensors made meanwhile belong to
 * tfjs-node's; tfjs moves their numbers to the other when they are asked for there.
 */
export function withTensorFlowBackend<Result>(run: () => Result): Result {
  if (isTensorFlowBackend()) return run();
  const engine = tf.engine() as unknown as {
    backendName: string;
    backendInstance: unknown;
  };
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
 * Executes one TensorFlow operation that has one output, whichever backend tfjs uses.
 *
 * Throws an Error with TensorFlow's message if it refuses the inputs or attributes.
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
 * A copy for tfjs-node's backend. What tfjs moves there by itself comes in the shape that the numbers had first: another backend's
 * `reshape` shares them, and keeps the new shape to itself.
 */
function copyOf({ dataId, shape, dtype }: tf.TensorInfo): tf.Tensor {
  return tf.tensor(tf.engine().readSync(dataId), shape, dtype);
}
