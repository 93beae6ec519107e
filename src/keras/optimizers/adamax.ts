/**
 * The Adamax optimizer, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkRange, checkShare } from "../../check";
import { areOptionsOfTfjs, type KerasOptimizerOptions } from "./common-options";
import { KerasOptimizer, moveMean, type WeightUpdate } from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Options of {@link adamax}. */
export interface AdamaxOptions extends KerasOptimizerOptions {
  /** Decay of the moving mean of gradients; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the largest gradient so far; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the largest gradient; 1e-7 by default. */
  readonly epsilon?: number;
}

class KerasAdamax extends KerasOptimizer {
  static readonly className = "KerasAdamax";
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;

  constructor(options: AdamaxOptions = {}) {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    checkShare("beta1", beta1);
    checkShare("beta2", beta2);
    checkRange("epsilon", epsilon, 0);
    super(options, 0.001);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  protected override slotNames() {
    return ["m", "u"];
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const { beta1, beta2, epsilon } = this;
    const [means, largest] = slots as [tf.Variable, tf.Variable];
    const mean = moveMean(means, gradient, 1 - beta1);
    const size = tf.maximum(tf.mul(beta2, largest), tf.abs(gradient));
    largest.assign(size);
    const complement = tf.sub(1, tf.pow(beta1, tf.add(this.steps, 1)));
    const change = tf.div(
      tf.mul(rate, mean),
      tf.mul(complement, tf.add(size, epsilon)),
    );
    return tf.sub(value, change);
  }

  override getConfig() {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta1, beta2, epsilon };
  }
}

registerPart(KerasAdamax);

/**
 * Creates an Adamax optimizer: Adam with the decaying maximum of gradients in place of the root
 * mean square.
 *
 * `options` {@link AdamaxOptions}: `learningRate` 0.001 (tfjs's string "adamax" uses 0.002),
 * `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7. Throws a RangeError (`ERR_INVALID_VALUE`) if an
 * option is out of range. Without further options, it is `tf.train.adamax`, which has the same
 * formula.
 *
 * Source: Keras 3, `Adamax`; Kingma and Ba 2015, section 7.1.
 */
export function adamax(
  options: AdamaxOptions & { readonly weightDecay: number },
): KerasOptimizer;
export function adamax(options?: AdamaxOptions): tf.Optimizer;
export function adamax(options: AdamaxOptions = {}): tf.Optimizer {
  if (!areOptionsOfTfjs(options)) return new KerasAdamax(options);
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999 } = options;
  const { epsilon = 1e-7 } = options;
  checkRange("learningRate", learningRate, 0);
  checkRange("epsilon", epsilon, 0);
  return tf.train.adamax(learningRate, beta1, beta2, epsilon);
}
