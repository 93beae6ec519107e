/**
 * Members of tfjs-node's backend that its types do not declare: its table of tensor data, and the
 * native calls below it.
 */
import type { Attribute } from "./attribute";
import { backend, type Backend } from "./backend";
import type { DataId, Values } from "./data";

/** Location of the values of a `dataId`. */
export interface TensorData {
  readonly shape: readonly number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  /** Handle of the tensor in TensorFlow; negative if there is none. */
  id: number;
  /** Values that have not been passed to TensorFlow yet. */
  values: Values | readonly number[] | null;
  refCount: number;
}

/** TensorFlow's description of a new tensor. */
interface NativeTensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** The backend with its internals. */
export interface BackendInternals extends Backend {
  readonly tensorMap: {
    get(dataId: DataId): TensorData;
    set(dataId: DataId, data: TensorData): void;
    has(dataId: DataId): boolean;
    delete(dataId: DataId): boolean;
  };
  binding: {
    executeOp(
      name: string,
      attributes: readonly Attribute[],
      inputs: readonly number[],
      outputs: number,
    ): NativeTensor[];
    createTensor(
      shape: readonly number[],
      dtype: number,
      values: Values | readonly number[],
    ): number;
    deleteTensor(id: number): void;
    runSavedModel(
      session: number,
      inputs: readonly number[],
      inputNames: string,
      outputNames: string,
    ): NativeTensor[];
  };
  /** Returns the handles of tensors, and passes their values to TensorFlow if necessary. */
  getInputTensorIds(tensors: readonly { dataId: DataId }[]): number[];
  disposeData(dataId: DataId): boolean;
}

/** Returns tfjs-node's backend with its internals. */
export function backendInternals(): BackendInternals {
  return backend() as BackendInternals;
}
