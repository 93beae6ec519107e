/**
 * A graph that TensorFlow has loaded and can run.
 *
 * A *session* is a loaded graph together with its variables. tfjs-node's binding loads sessions
 * only from the directory of a saved model. Therefore each is written to a temporary file, which is
 * deleted before the constructor returns.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backend, withTensorFlowBackend, type Backend } from "../tfjs/backend";
import type { tf } from "../tfjs/library";
import { graphTag } from "./messages";

/** Names of the nodes that one kind of run feeds and fetches. */
export interface Signature {
  readonly inputs: readonly { readonly name: string }[];
  readonly outputs: readonly string[];
}

/** Creates a {@link Signature} from the names of nodes; `out:1` is the second output of `out`. */
export function signature(
  inputs: readonly string[],
  outputs: readonly string[],
): Signature {
  const withIndex = (name: string) => (name.includes(":") ? name : `${name}:0`);
  return {
    inputs: inputs.map((name) => ({ name: withIndex(name) })),
    outputs: outputs.map(withIndex),
  };
}

/** Sessions whose object was collected are deleted in TensorFlow too. */
const unreachable = new FinalizationRegistry<{
  readonly backend: Backend;
  readonly id: number;
}>(({ backend, id }) => backend.deleteSavedModel(id));

/** A loaded graph. Deleted when it is no longer referenced, or by {@link Session.dispose}. */
export class Session {
  /** Stored because tfjs may use another backend when the session is run or deleted. */
  readonly #backend = backend();
  readonly #id: number;
  #disposed = false;

  /** Loads a saved model. Throws an Error with TensorFlow's message if it rejects the graph. */
  constructor(savedModel: Uint8Array) {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-graph-"));
    try {
      writeFileSync(join(folder, "saved_model.pb"), savedModel);
      this.#id = this.#backend.loadSavedModelMetaGraph(folder, graphTag);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    unreachable.register(this, { backend: this.#backend, id: this.#id }, this);
  }

  /**
   * Runs the part of the graph that the outputs need, once, and waits for it. Inputs and outputs
   * may be used with any backend of tfjs.
   *
   * Throws an Error with TensorFlow's message if an operation fails.
   */
  run(inputs: readonly tf.Tensor[], { inputs: names, outputs }: Signature) {
    return withTensorFlowBackend(() =>
      this.#backend.runSavedModel(this.#id, inputs, names, outputs),
    );
  }

  /** Deletes the session and its variables immediately. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    unreachable.unregister(this);
    this.#backend.deleteSavedModel(this.#id);
  }
}
