/**
 * The registry of tensors that garbage collection may free.
 *
 * JavaScript's FinalizationRegistry calls back after an object is gone, so what is needed to give
 * back the tensor's memory (its remains) is kept apart from the tensor, and never points to it.
 */
import { tf } from "../tfjs/library";
import type { DataId } from "../tfjs/backend";
import type { TensorRecord } from "./tracking-engine";

/** What is left of a tensor: `dataId` is null while the tensor holds no data (it was disposed). */
interface Remains {
  dataId: DataId | null;
  readonly dtype: TensorRecord["dtype"];
  readonly size: number;
}

function holdsData(remains: Remains): remains is Remains & TensorRecord {
  return remains.dataId !== null;
}

/** Tensors and variables whose data is given back once nothing refers to them. */
export class TensorRegistry {
  readonly #remains = new WeakMap<TensorRecord, Remains>();
  readonly #dispose: (tensor: TensorRecord) => void;
  #open = true;
  readonly #registry: FinalizationRegistry<Remains | (() => void)>;

  /**
   * @param dispose Gives back the data of a tensor, by itself or by what is left of it; called at
   *   most once for each.
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
   * Takes a tensor in, or notes that it holds other data than before.
   *
   * @param tensor The tensor or variable.
   * @param dataId The data it holds now.
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
   * Gives back a tensor's data at somebody's request, and not again when it is gone.
   *
   * Does nothing for what is empty already: a variable disposed twice would otherwise take the
   * data from a tensor that shares them.
   *
   * @param tensor The tensor or variable, taken in or not.
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
    // A variable stays: `assign` gives back its data too, and then gives it others.
    if (!(tensor instanceof tf.Variable)) {
      this.#registry.unregister(tensor);
    }
  }

  /** Gives back nothing more by itself: from now on it does not know what is disposed. */
  close(): void {
    this.#open = false;
  }

  /**
   * Calls back when the collector has found out which tensors are gone, after its next run.
   *
   * @param callback Runs in the task in which their data is given back, maybe not as the last.
   */
  afterCollection(callback: () => void): void {
    // An object that nothing refers to is reported together with the tensors.
    this.#registry.register({}, callback);
  }
}
