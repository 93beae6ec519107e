/**
 * Measurements for tests of the collector: tensors as counted by tfjs and by TensorFlow's binding.
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { collectNow } from "../../../src/engine/collection";
import { tf } from "../../../src/engine/tensorflow";

interface Binding {
  getNumOfTensors(): number;
}

export interface Counts {
  /** `tf.memory().numTensors` */
  readonly tensors: number;
  /** `tf.memory().numDataBuffers` */
  readonly buffers: number;
  /** `tf.memory().numBytes` */
  readonly bytes: number;
  /** TensorFlow's handles, which are independent of tfjs's bookkeeping. */
  readonly handles: number;
}

/** Returns the current counts. */
export function counts(): Counts {
  const memory = tf.memory();
  const { binding } = tf.backend() as unknown as { binding: Binding };
  return {
    tensors: memory.numTensors,
    buffers: memory.numDataBuffers,
    bytes: memory.numBytes,
    handles: binding.getNumOfTensors(),
  };
}

// Nothing reports the end of V8's background compilation.
const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

/**
 * Returns the counts after all unreferenced objects have been collected.
 *
 * V8 compiles hot functions on another thread, which holds objects that they work on until it is
 * done. Therefore collections are repeated until nothing more is freed.
 */
export async function settledCounts(): Promise<Counts> {
  const enough = 4;
  let tensors = Infinity;
  for (let unchanged = 0; unchanged < enough; unchanged++) {
    await collectNow();
    if (counts().tensors < tensors) {
      tensors = counts().tensors;
      unchanged = 0;
    }
    await pause();
  }
  return counts();
}

/** Asserts that the counts decrease to the expected ones within some seconds. */
export async function assertSettles(expected: Counts): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt++) {
    await collectNow();
    if (isDeepStrictEqual(counts(), expected)) {
      return;
    }
    await pause();
  }
  assert.deepEqual(counts(), expected);
}

/** Makes sure that TensorFlow has the tensor: values from a program are passed to it lazily. */
export function touch<T extends tf.Tensor>(tensor: T): T {
  tf.dispose(tensor.clone().reshape([-1]).slice(0, 1));
  return tensor;
}
