/**
 * Stochastic gradient descent with momentum, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkShare } from "../../check";
import type { KerasOptimizerOptions } from "./common-options";
import { KerasOptimizer, type WeightUpdate } from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Options of {@link sgd}. */
export interface SGDOptions extends KerasOptimizerOptions {
  /** Share of the previous change that is added to each change; 0 by default. */
  readonly momentum?: number;
  /**
   * Whether to use Nesterov momentum, which looks one step ahead (Nesterov 1983); false by default.
   */
  readonly nesterov?: boolean;
}

class KerasSGD extends KerasOptimizer {
  static readonly className = "KerasSGD";
  private readonly momentum: number;
  private readonly nesterov: boolean;

  constructor(options: SGDOptions = {}) {
    const { momentum = 0, nesterov = false } = options;
    checkShare("momentum", momentum);
    super(options, 0.01);
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  protected override slotNames() {
    return this.momentum === 0 ? [] : ["momentum"];
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const step = tf.mul(gradient, rate);
    const [changes] = slots;
    if (changes === undefined) return tf.sub(value, step);
    const { momentum, nesterov } = this;
    // Each change contains the rate of its step. tfjs accumulates gradients instead, and multiplies
    // the sum by the current rate.
    changes.assign(tf.sub(tf.mul(changes, momentum), step));
    return nesterov
      ? tf.add(value, tf.sub(tf.mul(changes, momentum), step))
      : tf.add(value, changes);
  }

  override getConfig() {
    const { momentum, nesterov } = this;
    return { ...super.getConfig(), momentum, nesterov };
  }
}

registerPart(KerasSGD);

/**
 * Creates a gradient descent optimizer, optionally with momentum.
 *
 * `options` {@link SGDOptions}: `learningRate` 0.01, `momentum` 0, `nesterov` false. Throws a
 * RangeError (`ERR_INVALID_VALUE`) if an option is out of range. It differs from
 * `tf.train.momentum` when the learning rate changes: there the new rate also scales the momentum
 * of earlier steps.
 *
 * Source: Keras 3, `SGD`.
 */
export function sgd(options: SGDOptions = {}): KerasOptimizer {
  return new KerasSGD(options);
}
