/** What tests of the collector measure: tensors as tfjs counts them, and as TensorFlow's binding does. */
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
  /** TensorFlow's handles, which know nothing of tfjs's bookkeeping. */
  readonly handles: number;
}

/** The counts now. */
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

const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

/**
 * The counts once everything that nothing refers to is gone.
 *
 * V8 compiles hot functions on another thread, and for as long as that takes it has hold of objects
 * that they work on; so collections are repeated until nothing more is found.
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

/** Asserts that what is in use comes down to these counts, within some seconds. */
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

/** Makes sure that TensorFlow holds the tensor: values given by the program are handed over late. */
export function touch<T extends tf.Tensor>(tensor: T): T {
  tf.dispose(tensor.clone().reshape([-1]).slice(0, 1));
  return tensor;
}
