/**
 * The Nadam optimizer, compatible with Keras. TensorFlow.js has none.
 */
import { tf } from "../../engine/tensorflow";
import { checkRange, checkShare } from "../../check";
import type { KerasOptimizerOptions } from "./common-options";
import { KerasOptimizer, moveMean, type WeightUpdate } from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Options of {@link nadam}. */
export interface NadamOptions extends KerasOptimizerOptions {
  /** Decay of the moving mean of gradients in the limit of many steps; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the moving mean of squared gradients; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the mean of squares; 1e-7 by default. */
  readonly epsilon?: number;
}

/** Base of the momentum schedule: at step t, beta1 is reduced by the factor 1 − decay ** t / 2. */
const decay = 0.96;

class KerasNadam extends KerasOptimizer {
  static readonly className = "KerasNadam";
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  /** Product of the scheduled beta1 over all steps so far. */
  private readonly product: tf.Variable;

  constructor(options: NadamOptions = {}) {
    const { beta1 = 0.9, beta2 = 0.999 } = options;
    const { epsilon = 1e-7 } = options;
    checkShare("beta1", beta1);
    checkShare("beta2", beta2);
    checkRange("epsilon", epsilon, 0);
    super(options, 0.001);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.product = tf.tidy(() => tf.scalar(1).variable(false));
  }

  protected override slotNames() {
    return ["m", "v"];
  }

  /** Returns the scheduled beta1 of the step `ahead` steps after the last one. */
  private betaAt(ahead: number): tf.Tensor {
    const reduction = tf.mul(0.5, tf.pow(decay, tf.add(this.steps, ahead)));
    return tf.mul(this.beta1, tf.sub(1, reduction));
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const { beta1, beta2, epsilon } = this;
    const [means, squares] = slots as [tf.Variable, tf.Variable];
    const mean = moveMean(means, gradient, 1 - beta1);
    const square = moveMean(squares, tf.square(gradient), 1 - beta2);
    const [now, next] = [this.betaAt(1), this.betaAt(2)];
    const product = tf.mul(this.product, now);
    const ahead = tf.div(tf.mul(next, mean), tf.sub(1, tf.mul(product, next)));
    const present = tf.div(
      tf.mul(tf.sub(1, now), gradient),
      tf.sub(1, product),
    );
    const complement = tf.sub(1, tf.pow(beta2, tf.add(this.steps, 1)));
    const change = tf.div(
      tf.mul(tf.add(ahead, present), rate),
      tf.add(tf.sqrt(tf.div(square, complement)), epsilon),
    );
    return tf.sub(value, change);
  }

  protected override afterUpdates(): void {
    this.product.assign(tf.mul(this.product, this.betaAt(1)));
  }

  protected override afterRestore(): void {
    let product = 1;
    for (let step = 1; step <= this.iterations; step += 1) {
      product *= this.beta1 * (1 - 0.5 * decay ** step);
    }
    tf.tidy(() => this.product.assign(tf.scalar(product)));
  }

  override dispose(): void {
    super.dispose();
    this.product.dispose();
  }

  override getConfig() {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta1, beta2, epsilon };
  }
}

registerPart(KerasNadam);

/**
 * Creates a Nadam optimizer: Adam with Nesterov momentum, which looks one step ahead.
 *
 * `options` {@link NadamOptions}: `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7.
 * Throws a RangeError (`ERR_INVALID_VALUE`) if an option is out of range.
 *
 * Source: Keras 3, `Nadam`; Dozat 2016, "Incorporating Nesterov momentum into Adam".
 */
export function nadam(options: NadamOptions = {}): KerasOptimizer {
  return new KerasNadam(options);
}
