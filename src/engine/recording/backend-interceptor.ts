/**
 * Intercepts the methods of tfjs-node's backend through which all values pass, while a step is
 * recorded.
 */
import type { Attribute } from "../tfjs/attribute";
import { backendInternals } from "../tfjs/backend-internals";
import type { DataId } from "../tfjs/data";
import { hookMethod, type Hook } from "../tfjs/hook";
import type { tf } from "../tfjs/library";
import { gatherRows } from "./gather-rows";

/** Callbacks for the intercepted methods. */
export interface BackendEvents {
  /** Called before an operation is executed by `execute`; returns its outputs. */
  operation(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    execute: () => tf.Tensor[],
  ): tf.Tensor[];
  /** Called when values are read in JavaScript; returns the data to read. */
  read(dataId: DataId): DataId;
  /** Called after values were written from JavaScript. */
  written(dataId: DataId): void;
  /** Called when tensors are passed to TensorFlow, by an operation or otherwise. */
  used(tensors: readonly { readonly dataId: DataId }[]): void;
}

/** Wraps the backend's methods on its instance. */
export class BackendInterceptor {
  readonly #backend = backendInternals();
  #hooks: readonly Hook[] = [];

  /** Installs the wrappers. */
  begin(events: BackendEvents): void {
    const target = this.#backend;
    this.#hooks = [
      hookMethod(
        target,
        "executeSingleOutput",
        (execute) => (name, attributes, inputs) =>
          events.operation(name, attributes, inputs, () => [
            gatherRows(name, inputs) ??
              execute.call(target, name, attributes, inputs),
          ])[0]!,
      ),
      hookMethod(
        target,
        "executeMultipleOutputs",
        (execute) => (name, attributes, inputs, outputs) =>
          events.operation(name, attributes, inputs, () =>
            execute.call(target, name, attributes, inputs, outputs),
          ),
      ),
      hookMethod(
        target,
        "readSync",
        (readSync) => (dataId) => readSync.call(target, events.read(dataId)),
      ),
      hookMethod(target, "write", (write) => (values, shape, dtype) => {
        const dataId = write.call(target, values, shape, dtype);
        events.written(dataId);
        return dataId;
      }),
      hookMethod(target, "getInputTensorIds", (idsOf) => (tensors) => {
        events.used(tensors);
        return idsOf.call(target, tensors);
      }),
    ];
  }

  /** Removes the wrappers. */
  end(): void {
    for (const hook of this.#hooks) hook.remove();
    this.#hooks = [];
  }
}
