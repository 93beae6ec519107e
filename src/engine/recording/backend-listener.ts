/**
 * The methods of tfjs-node's backend by which all numbers pass, wrapped on its instance for as long as somebody listens.
 */
import type { Attribute } from "../tfjs/attribute";
import { backend, type Backend, type DataId } from "../tfjs/backend";
import type { tf } from "../tfjs/library";
import { rowsHere } from "./rows-here";

/** Who listens. */
export interface BackendEvents {
  /** An operation is to be executed, by `execute`; the listener gives its outputs. */
  operation(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    execute: () => tf.Tensor[],
  ): tf.Tensor[];
  /** Numbers are read in JavaScript; the listener says of which data. */
  read(dataId: DataId): DataId;
  /** Numbers came from JavaScript. */
  written(dataId: DataId): void;
  /** Tensors are handed to TensorFlow, by an operation or otherwise. */
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

/** Wrappers around the backend's methods. */
export class BackendListener {
  readonly #backend = backend() as Wrapped;
  /** What the user has put on the instance, which comes back. */
  #before: PropertyDescriptorMap = {};

  /** Puts the wrappers on. */
  begin(events: BackendEvents): void {
    const target = this.#backend;
    this.#before = Object.getOwnPropertyDescriptors(target);
    const { executeSingleOutput, executeMultipleOutputs, readSync, write } =
      target;
    const { getInputTensorIds } = target;
    target.executeSingleOutput = (name, attributes, inputs) =>
      events.operation(name, attributes, inputs, () => [
        rowsHere(name, inputs) ??
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

  /** Takes the wrappers off. */
  end(): void {
    for (const name of wrapped) {
      const before = this.#before[name];
      if (before !== undefined)
        Object.defineProperty(this.#backend, name, before);
      else delete (this.#backend as Partial<Wrapped>)[name];
    }
  }
}
