/**
 * Types of tfjs-node's table of tensor data, and of the native calls below it.
 *
 * For each `dataId`, the backend stores where the values are: in JavaScript until their first use,
 * then in TensorFlow under a handle, `id`. The members here are public in tfjs-node's JavaScript,
 * but missing in its types.
 */
import { typeAttribute, type Attribute } from "./attribute";
import { backend, type DataId, type Values } from "./backend";
import { tf } from "./library";

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

/** The internals of the backend. */
interface BackendInternals {
  readonly tensorMap: {
    get(dataId: DataId): TensorData;
    set(dataId: DataId, data: TensorData): void;
    has(dataId: DataId): boolean;
    delete(dataId: DataId): boolean;
  };
  readonly binding: {
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
  };
  getInputTensorIds(tensors: readonly { dataId: DataId }[]): number[];
  disposeData(dataId: DataId): boolean;
}

/** The bookkeeping of data in tfjs's engine. */
interface EngineInternals {
  readonly state: {
    numDataBuffers: number;
    readonly tensorInfo: {
      set(dataId: DataId, info: object): void;
      delete(dataId: DataId): boolean;
    };
  };
  removeDataId(dataId: DataId, backend: unknown): void;
  makeTensorFromTensorInfo(info: tf.TensorInfo): tf.Tensor;
}

function backendInternals(): BackendInternals {
  return backend() as unknown as BackendInternals;
}

function engineInternals(): EngineInternals {
  return tf.engine();
}

/** Returns the data of a `dataId`; undefined if it does not exist or was disposed of. */
export function dataOf(dataId: DataId): TensorData | undefined {
  const { tensorMap } = backendInternals();
  return tensorMap.has(dataId) ? tensorMap.get(dataId) : undefined;
}

/**
 * Adds data that has only a type and a shape, with one reference. With `tracked`, also registers it
 * with tfjs's engine; otherwise, a tensor will.
 */
export function addEmptyData(
  shape: readonly number[],
  dtype: number,
  tracked?: tf.TensorInfo["dtype"],
): DataId {
  const dataId: DataId = {};
  backendInternals().tensorMap.set(dataId, {
    shape,
    dtype,
    id: -1,
    values: null,
    refCount: 1,
  });
  if (tracked !== undefined) {
    const { state } = engineInternals();
    state.numDataBuffers += 1;
    state.tensorInfo.set(dataId, {
      backend: backend(),
      dtype: tracked,
      shape,
      bytes: 0,
    });
  }
  return dataId;
}

/** Adds a reference. */
export function holdData(dataId: DataId): void {
  const data = dataOf(dataId);
  if (data !== undefined) data.refCount += 1;
}

/** Removes a reference, and disposes of the data with the last one. */
export function releaseData(dataId: DataId): void {
  if (dataOf(dataId) === undefined) return;
  if (backendInternals().disposeData(dataId)) {
    engineInternals().removeDataId(dataId, backend());
  }
}

/** Moves values from TensorFlow to JavaScript; TensorFlow receives them again when it uses them. */
export function moveToJavaScript(dataId: DataId, values: Values): void {
  const data = dataOf(dataId);
  if (data !== undefined) replaceValues(data, values);
}

/**
 * Releases outdated values, unless another tensor shares them. They must not be read afterwards.
 */
export function dropValues(dataId: DataId): void {
  const data = dataOf(dataId);
  if (data?.refCount === 1) replaceValues(data, null);
}

function replaceValues(data: TensorData, values: Values | null): void {
  if (data.id >= 0) backendInternals().binding.deleteTensor(data.id);
  data.id = -1;
  data.values = values;
}

/** Returns the handle of the data in TensorFlow; passes the values to TensorFlow if necessary. */
export function nativeIdOf(dataId: DataId): number {
  return backendInternals().getInputTensorIds([{ dataId }])[0]!;
}

/** Passes values to TensorFlow; returns the new handle. */
export function createNative(
  shape: readonly number[],
  dtype: number,
  values: Values,
): number {
  return backendInternals().binding.createTensor(shape, dtype, values);
}

/** Executes one operation on handles; returns the handles of its outputs. */
export function executeNative(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly number[],
  outputs: number,
): number[] {
  return backendInternals()
    .binding.executeOp(name, attributes, inputs, outputs)
    .map(({ id }) => id);
}

/** Deletes a handle. */
export function deleteNative(id: number): void {
  backendInternals().binding.deleteTensor(id);
}

/** Creates a tensor on existing data; it takes over one reference. */
export function tensorOn(info: tf.TensorInfo): tf.Tensor {
  return engineInternals().makeTensorFromTensorInfo(info);
}

/** Takes the handle from a tensor, which is disposed of; the handle then belongs to the caller. */
export function takeNative(tensor: tf.Tensor): number {
  const id = nativeIdOf(tensor.dataId);
  dataOf(tensor.dataId)!.id = -1;
  tensor.dispose();
  return id;
}

/** Creates a second handle on the data of a tensor. */
export function copyNative({ dataId, dtype }: tf.TensorInfo): number {
  const type = typeAttribute("T", dtype as "float32");
  return executeNative("Identity", [type], [nativeIdOf(dataId)], 1)[0]!;
}
