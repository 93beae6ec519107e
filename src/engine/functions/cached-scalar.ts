/**
 * A scalar fed to a program; its tensor is replaced only when the value changes.
 *
 * `tf.memory()` does not count it, because it is not a tensor of the user's.
 */
import { backend, type DataId } from "../tfjs/backend";
import type { tf } from "../tfjs/library";
import { releaseData } from "../tfjs/tensor-data";

/** Frees scalars whose program has been collected. */
const unreachable = new FinalizationRegistry<DataId>(releaseData);

/** A scalar of one type. */
export class CachedScalar {
  readonly #dtype: "float32" | "bool";
  #tensor: tf.TensorInfo | undefined;
  #value = Number.NaN;

  constructor(dtype: "float32" | "bool") {
    this.#dtype = dtype;
  }

  /** Returns the tensor for a value; it belongs to this object. */
  of(value: number): tf.Tensor {
    if (this.#tensor === undefined || !Object.is(value, this.#value)) {
      this.dispose();
      this.#value = value;
      const values =
        this.#dtype === "bool" ? Uint8Array.of(value) : Float32Array.of(value);
      const dataId = backend().write(values, [], this.#dtype);
      this.#tensor = { dataId, dtype: this.#dtype, shape: [] };
      unreachable.register(this, dataId, this);
    }
    return this.#tensor as tf.Tensor;
  }

  /** Frees the tensor. */
  dispose(): void {
    if (this.#tensor === undefined) return;
    unreachable.unregister(this);
    releaseData(this.#tensor.dataId);
    this.#tensor = undefined;
  }
}
