/**
 * Nadam as Keras has it; TensorFlow.js has none.
 */
import { tf } from "../../engine/tensorflow";
import { checkRange, checkShare } from "../check";
import { KerasOptimizer, moveMean, type WeightUpdate } from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Settings of {@link nadam}. */
export interface NadamOptions {
  /** Factor of each step; 0.001 by default. */
  readonly learningRate?: number;
  /** Share of the old in the moving mean of gradients, after many steps; 0.9 by default. */
  readonly beta1?: number;
  /** Share of the old in the moving mean of squared gradients; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of that mean; 1e-7 by default. */
  readonly epsilon?: number;
}

/** By how much beta1 still falls short of its full size after t steps: half of decay to the t. */
const decay = 0.96;

class KerasNadam extends KerasOptimizer {
  static readonly className = "KerasNadam";
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  /** The product of beta1 of the steps so far. */
  private readonly product: tf.Variable;

  constructor(options: NadamOptions = {}) {
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999 } = options;
    const { epsilon = 1e-7 } = options;
    checkShare("beta1", beta1);
    checkShare("beta2", beta2);
    checkRange("epsilon", epsilon, 0);
    super(learningRate);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.product = tf.tidy(() => tf.scalar(1).variable(false));
  }

  protected override slotNames() {
    return ["m", "v"];
  }

  /** beta1 of the step that comes `ahead` after the last one. */
  private betaAt(ahead: number): tf.Tensor {
    const short = tf.mul(0.5, tf.pow(decay, tf.add(this.steps, ahead)));
    return tf.mul(this.beta1, tf.sub(1, short));
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
    const left = tf.sub(1, tf.pow(beta2, tf.add(this.steps, 1)));
    const change = tf.div(
      tf.mul(tf.add(ahead, present), rate),
      tf.add(tf.sqrt(tf.div(square, left)), epsilon),
    );
    return tf.sub(value, change);
  }

  protected override afterUpdates(): void {
    this.product.assign(tf.mul(this.product, this.betaAt(1)));
  }

  protected override restored(): void {
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
 * Nadam: Adam with Nesterov's momentum, the mean of gradients taken one step ahead.
 *
 * `options` {@link NadamOptions}: `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7. Throws a RangeError if a
 * setting is out of its range. Source: Keras 3, `Nadam`; Dozat 2016, "Incorporating Nesterov momentum into Adam".
 */
export function nadam(options: NadamOptions = {}): tf.Optimizer {
  return new KerasNadam(options);
}
