/**
 * The numbers of a variable as native programs have them: an array that they read and change in place. All programs share it.
 */
import { tf } from "../tfjs/library";
import {
  isGone,
  valueOf,
  type VariableHolder,
} from "../variables/variable-values";
import { dropNumbers } from "../tfjs/tensor-data";
import { tensorOf, valuesOf } from "../tfjs/tensor-numbers";

const known = new WeakMap<tf.Variable, NativeVariable>();

/** The native numbers of a variable, which may be old: see {@link NativeVariable.takeIn}. */
export function nativeVariable(variable: tf.Variable): NativeVariable {
  const found = known.get(variable) ?? new NativeVariable(variable);
  known.set(variable, found);
  return found;
}

/** One variable's native numbers. */
export class NativeVariable implements VariableHolder {
  readonly variable: tf.Variable;
  readonly numbers: Float32Array;
  #version = -1;

  /** The version of the numbers. */
  get version(): number {
    return this.#version;
  }

  constructor(variable: tf.Variable) {
    this.variable = variable;
    this.numbers = new Float32Array(variable.size);
  }

  /** Takes the newest value, wherever it is. */
  takeIn(): void {
    const value = valueOf(this.variable);
    if (value.version === this.#version) return;
    this.numbers.set(valuesOf(this.variable));
    this.#version = value.version;
  }

  /** Notes that a program is about to change the numbers. */
  leave(): void {
    const value = valueOf(this.variable);
    const wasHome = value.isHome;
    value.leaveFor(this);
    this.#version = value.version;
    // tfjs's copy is out of date from here on, and comes back with new numbers when somebody looks.
    if (wasHome) dropNumbers(value.dataId);
  }

  bringHome(): void {
    const { variable } = this;
    const value = valueOf(variable);
    if (value.isHome || value.version !== this.#version || isGone(variable)) {
      return;
    }
    const tensor = tensorOf(this.numbers.slice(), variable.shape);
    value.arrive(variable, tensor);
    tensor.dispose();
  }
}
