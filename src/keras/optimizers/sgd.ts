/**
 * Gradient descent with momentum as Keras has it.
 */
import { tf } from "../../engine/tensorflow";
import { checkShare } from "../check";
import { KerasOptimizer, type WeightUpdate } from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Settings of {@link sgd}. */
export interface SGDOptions {
  /** Factor of each step; 0.01 by default. */
  readonly learningRate?: number;
  /** Share of the change before that is added to each change; 0 by default. */
  readonly momentum?: number;
  /** Whether the momentum is taken one step ahead (Nesterov 1983); false by default. */
  readonly nesterov?: boolean;
}

class KerasSGD extends KerasOptimizer {
  static readonly className = "KerasSGD";
  private readonly momentum: number;
  private readonly nesterov: boolean;

  constructor(options: SGDOptions = {}) {
    const { learningRate = 0.01, momentum = 0, nesterov = false } = options;
    checkShare("momentum", momentum);
    super(learningRate);
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
    // The rate of each step stays in the change. tfjs adds up gradients, and multiplies the sum by the current rate.
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
 * Gradient descent, with momentum if wanted.
 *
 * `options` {@link SGDOptions}: `learningRate` 0.01, `momentum` 0, `nesterov` false. Throws a RangeError if a setting is out of its
 * range. Source: Keras 3, `SGD`. Differs from `tf.train.momentum` once the learning rate changes: there it acts on the momentum
 * of earlier steps too.
 */
export function sgd(options: SGDOptions = {}): tf.Optimizer {
  return new KerasSGD(options);
}
