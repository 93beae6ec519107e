/**
 * Intercepts the methods of tfjs-node's backend through which all values pass, while a step is
 * recorded.
 */
import type { Attribute } from "../tfjs/attribute";
import { backend, type Backend, type DataId } from "../tfjs/backend";
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

type Wrapped = Backend & {
  getInputTensorIds(tensors: readonly { dataId: DataId }[]): number[];
};

/** The methods that are wrapped. */
const wrapped = [
  "executeSingleOutput",
  "executeMultipleOutputs",
  "readSync",
  "write",
  "getInputTensorIds",
] as const;

/** Wraps the backend's methods on its instance. */
export class BackendInterceptor {
  readonly #backend = backend() as Wrapped;
  /** Properties that the user has set on the instance, which are restored. */
  #before: PropertyDescriptorMap = {};

  /** Installs the wrappers. */
  begin(events: BackendEvents): void {
    const target = this.#backend;
    this.#before = Object.getOwnPropertyDescriptors(target);
    const { executeSingleOutput, executeMultipleOutputs, readSync, write } =
      target;
    const { getInputTensorIds } = target;
    target.executeSingleOutput = (name, attributes, inputs) =>
      events.operation(name, attributes, inputs, () => [
        gatherRows(name, inputs) ??
          executeSingleOutput.call(target, name, attributes, inputs),
      ])[0]!;
    target.executeMultipleOutputs = (name, attributes, inputs, outputs) =>
      events.operation(name, attributes, inputs, () =>
        executeMultipleOutputs.call(target, name, attributes, inputs, outputs),
      );
    target.readSync = (dataId) => readSync.call(target, events.read(dataId));
    target.write = (values, shape, dtype) => {
      const dataId = write.call(target, values, shape, dtype);
      events.written(dataId);
      return dataId;
    };
    target.getInputTensorIds = (tensors) => {
      events.used(tensors);
      return getInputTensorIds.call(target, tensors);
    };
  }

  /** Removes the wrappers. */
  end(): void {
    for (const name of wrapped) {
      const before = this.#before[name];
      if (before !== undefined)
        Object.defineProperty(this.#backend, name, before);
      else delete (this.#backend as Partial<Wrapped>)[name];
    }
  }
}
