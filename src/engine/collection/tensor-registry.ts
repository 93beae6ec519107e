/**
 * Registry of tensors whose data is freed by garbage collection.
 *
 * JavaScript's FinalizationRegistry calls back after an object has been collected. The record
 * needed to free the tensor's memory is therefore separate from the tensor and never refers to it.
 */
import { tf } from "../tfjs/library";
import type { DataId } from "../tfjs/data";
import type { TensorRecord } from "../tfjs/engine-state";

/** Record of a tensor; `dataId` is null while the tensor holds no data (it was disposed of). */
interface Remains {
  dataId: DataId | null;
  readonly dtype: TensorRecord["dtype"];
  readonly size: number;
}

function holdsData(remains: Remains): remains is Remains & TensorRecord {
  return remains.dataId !== null;
}

/** Tensors and variables whose data is freed once they are no longer referenced. */
export class TensorRegistry {
  readonly #remains = new WeakMap<TensorRecord, Remains>();
  readonly #dispose: (tensor: TensorRecord) => void;
  #open = true;
  readonly #registry: FinalizationRegistry<Remains | (() => void)>;

  /**
   * @param dispose Frees the data of a tensor, given the tensor or its record; called at most once
   *   for each.
   */
  constructor(dispose: (tensor: TensorRecord) => void) {
    this.#dispose = dispose;
    this.#registry = new FinalizationRegistry((held) => {
      if (typeof held === "function") {
        held();
      } else if (this.#open && holdsData(held)) {
        dispose(held);
      }
    });
  }

  /**
   * Registers a tensor, or records that its data has changed.
   *
   * @param tensor The tensor or variable.
   * @param dataId The data that it holds now.
   */
  watch(tensor: TensorRecord, dataId: DataId): void {
    const known = this.#remains.get(tensor);
    if (known !== undefined) {
      known.dataId = dataId;
      return;
    }
    const { dtype, size } = tensor;
    const remains = { dataId, dtype, size };
    this.#remains.set(tensor, remains);
    this.#registry.register(tensor, remains, tensor);
  }

  /**
   * Frees a tensor's data on request; it is not freed again when the tensor is collected.
   *
   * Does nothing if the tensor holds no data. Otherwise a variable that is disposed of twice would
   * free the data of a tensor that shares it.
   *
   * @param tensor The tensor or variable, registered or not.
   */
  dispose(tensor: TensorRecord): void {
    const remains = this.#remains.get(tensor);
    if (remains === undefined) {
      this.#dispose(tensor);
      return;
    }
    if (remains.dataId === null) {
      return;
    }
    this.#dispose(tensor);
    remains.dataId = null;
    // A variable stays registered: `assign` also frees its data, and then sets new data.
    if (!(tensor instanceof tf.Variable)) {
      this.#registry.unregister(tensor);
    }
  }

  /** Stops freeing collected tensors, because disposals are no longer observed from now on. */
  close(): void {
    this.#open = false;
  }

  /**
   * Calls back when the collector has determined which tensors are unreachable, after its next run.
   *
   * @param callback Runs in the task in which their data is freed, not necessarily last.
   */
  afterCollection(callback: () => void): void {
    // An unreferenced object is reported together with the tensors.
    this.#registry.register({}, callback);
  }
}
