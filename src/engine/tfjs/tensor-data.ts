/**
 * tfjs-node's table of tensor data, and the calls below it, with types.
 *
 * The backend keeps, for each `dataId`, where the numbers are: in JavaScript until they are used first, then in TensorFlow under a
 * handle, `id`. The members here are public in tfjs-node's JavaScript, but not in its types.
 */
import { typeAttribute, type Attribute } from "./attribute";
import { backend, type DataId, type Values } from "./backend";
import { tf } from "./library";

/** Where the numbers of a `dataId` are. */
export interface TensorData {
  readonly shape: readonly number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  /** Handle of the tensor in TensorFlow; negative for none. */
  id: number;
  /** Numbers that TensorFlow was not given yet. */
  values: Values | readonly number[] | null;
  refCount: number;
}

/** What TensorFlow says of a new tensor. */
interface NativeTensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** The backend from inside. */
interface BackendInsides {
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

/** tfjs's engine, for the bookkeeping of data. */
interface EngineInsides {
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

function insides(): BackendInsides {
  return backend() as unknown as BackendInsides;
}

function engine(): EngineInsides {
  return tf.engine() as unknown as EngineInsides;
}

/** The data of a `dataId`; undefined if there is none, or none any more. */
export function dataOf(dataId: DataId): TensorData | undefined {
  const { tensorMap } = insides();
  return tensorMap.has(dataId) ? tensorMap.get(dataId) : undefined;
}

/** Puts in data of which nothing but type and shape is known; one reference. Says so to tfjs's engine, unless a tensor will. */
export function addEmptyData(
  shape: readonly number[],
  dtype: number,
  tracked?: tf.TensorInfo["dtype"],
): DataId {
  const dataId: DataId = {};
  insides().tensorMap.set(dataId, {
    shape,
    dtype,
    id: -1,
    values: null,
    refCount: 1,
  });
  if (tracked !== undefined) {
    const { state } = engine();
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

/** Takes a reference away, and the data with the last one. */
export function releaseData(dataId: DataId): void {
  if (dataOf(dataId) === undefined) return;
  if (insides().disposeData(dataId)) {
    engine().removeDataId(dataId, backend());
  }
}

/** Takes numbers out of TensorFlow: JavaScript has them from now on, and TensorFlow is given them again when it uses them. */
export function moveToJavaScript(dataId: DataId, values: Values): void {
  const data = dataOf(dataId);
  if (data !== undefined) replaceNumbers(data, values);
}

/** Lets go of numbers that are out of date, unless another tensor has them too. Nobody may ask for them any more. */
export function dropNumbers(dataId: DataId): void {
  const data = dataOf(dataId);
  if (data?.refCount === 1) replaceNumbers(data, null);
}

function replaceNumbers(data: TensorData, values: Values | null): void {
  if (data.id >= 0) insides().binding.deleteTensor(data.id);
  data.id = -1;
  data.values = values;
}

/** Handle of the data in TensorFlow, which is given the numbers if it does not have them yet. */
export function nativeIdOf(dataId: DataId): number {
  return insides().getInputTensorIds([{ dataId }])[0]!;
}

/** Gives TensorFlow numbers; the new handle. */
export function createNative(
  shape: readonly number[],
  dtype: number,
  values: Values,
): number {
  return insides().binding.createTensor(shape, dtype, values);
}

/** Executes one operation on handles; the handles of its outputs. */
export function executeNative(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly number[],
  outputs: number,
): number[] {
  return insides()
    .binding.executeOp(name, attributes, inputs, outputs)
    .map(({ id }) => id);
}

/** Deletes a handle. */
export function deleteNative(id: number): void {
  insides().binding.deleteTensor(id);
}

/** A tensor on data that there is; it takes over a reference to it. */
export function tensorOn(info: tf.TensorInfo): tf.Tensor {
  return engine().makeTensorFromTensorInfo(info);
}

/** Takes the handle out of a tensor, which is disposed of; the handle then belongs to the caller. */
export function takeNative(tensor: tf.Tensor): number {
  const id = nativeIdOf(tensor.dataId);
  dataOf(tensor.dataId)!.id = -1;
  tensor.dispose();
  return id;
}

/** A second handle on the numbers of a tensor. */
export function copyNative({ dataId, dtype }: tf.TensorInfo): number {
  const type = typeAttribute("T", dtype as "float32");
  return executeNative("Identity", [type], [nativeIdOf(dataId)], 1)[0]!;
}
