/**
 * Stores the values of variables for native programs: arrays that all programs share, read and
 * change in place.
 */
import type { tf } from "../tfjs/library";
import {
  isVariableDisposed,
  valueOf,
  type VariableHolder,
} from "../variables/variable-values";
import { dropValues } from "../tfjs/tensor-data";
import { tensorOf, valuesOf } from "../tfjs/tensor-values";

const known = new WeakMap<tf.Variable, NativeVariable>();

/**
 * Returns the native values of a variable, which may be out of date; see {@link
 * NativeVariable.refresh}.
 */
export function nativeVariable(variable: tf.Variable): NativeVariable {
  const found = known.get(variable) ?? new NativeVariable(variable);
  known.set(variable, found);
  return found;
}

/** The native values of one variable. */
export class NativeVariable implements VariableHolder {
  readonly variable: tf.Variable;
  readonly values: Float32Array;
  readonly #value: ReturnType<typeof valueOf>;
  #version = -1;

  /** The version of the native values. */
  get version(): number {
    return this.#version;
  }

  constructor(variable: tf.Variable) {
    this.variable = variable;
    this.#value = valueOf(variable);
    this.values = new Float32Array(variable.size);
  }

  /** Copies the variable's newest value, unless it is here already. */
  refresh(): void {
    const { version } = this.#value;
    if (version === this.#version) return;
    this.values.set(valuesOf(this.variable));
    this.#version = version;
  }

  /** Marks the native values as the newest ones. Called before a program changes them. */
  markChanged(): void {
    const value = this.#value;
    const wasHome = value.isInTfjs;
    value.moveTo(this);
    this.#version = value.version;
    // tfjs's copy is out of date from here on. It is renewed when the variable is next read.
    if (wasHome) dropValues(value.dataId);
  }

  syncToTfjs(): void {
    const { variable } = this;
    const value = this.#value;
    if (
      value.isInTfjs ||
      value.version !== this.#version ||
      isVariableDisposed(variable)
    ) {
      return;
    }
    const tensor = tensorOf(this.values.slice(), variable.shape);
    value.receive(variable, tensor);
    tensor.dispose();
  }
}
