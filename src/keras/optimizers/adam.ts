/**
 * The Adam optimizer, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkRange, checkShare } from "../../check";
import type { KerasOptimizerOptions } from "./common-options";
import { KerasOptimizer, moveMean, type WeightUpdate } from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Options of {@link adam}. */
export interface AdamOptions extends KerasOptimizerOptions {
  /** Decay of the moving mean of gradients; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the moving mean of squared gradients; 0.999 by default. */
  readonly beta2?: number;
  /**
   * Added to the root of the mean of squares before bias correction, "epsilon hat" in the paper;
   * 1e-7 by default.
   */
  readonly epsilon?: number;
  /** Whether to use the largest mean of squares so far (Reddi et al. 2018); false by default. */
  readonly amsgrad?: boolean;
}

/** The optimizer of {@link adam}. */
export class KerasAdam extends KerasOptimizer {
  static readonly className: string = "KerasAdam";
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  private readonly amsgrad: boolean;

  constructor(options: AdamOptions = {}) {
    const { beta1 = 0.9, beta2 = 0.999 } = options;
    const { epsilon = 1e-7, amsgrad = false } = options;
    checkShare("beta1", beta1);
    checkShare("beta2", beta2);
    checkRange("epsilon", epsilon, 0);
    super(options, 0.001);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.amsgrad = amsgrad;
  }

  protected override slotNames() {
    return ["m", "v", ...(this.amsgrad ? ["vhat"] : [])];
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const { beta1, beta2, epsilon } = this;
    const [means, squares, largest] = slots as [
      tf.Variable,
      tf.Variable,
      tf.Variable?,
    ];
    const mean = moveMean(means, gradient, 1 - beta1);
    let square = moveMean(squares, tf.square(gradient), 1 - beta2);
    if (largest !== undefined) {
      square = tf.maximum(largest, square);
      largest.assign(square);
    }
    // The rate contains the bias correction, so epsilon is added to the uncorrected mean.
    const step = tf.add(this.steps, 1);
    const complement = (beta: number) => tf.sub(1, tf.pow(beta, step));
    const corrected = tf.div(
      tf.mul(rate, tf.sqrt(complement(beta2))),
      complement(beta1),
    );
    const change = tf.div(
      tf.mul(mean, corrected),
      tf.add(tf.sqrt(square), epsilon),
    );
    return tf.sub(value, change);
  }

  override getConfig() {
    const { beta1, beta2, epsilon, amsgrad } = this;
    return { ...super.getConfig(), beta1, beta2, epsilon, amsgrad };
  }
}

registerPart(KerasAdam);

/**
 * Creates an Adam optimizer: the moving mean of each weight's gradient over the root of the moving
 * mean of its square, both bias-corrected.
 *
 * `options` {@link AdamOptions}: `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7,
 * `amsgrad` false. Throws a RangeError (`ERR_INVALID_VALUE`) if an option is out of range.
 * `tf.train.adam` adds epsilon at another place, which matters for small gradients: at the first
 * step tfjs's epsilon has the effect of 3.2e-9 here.
 *
 * Source: Keras 3, `Adam`; Kingma and Ba 2015, the form before section 2.1.
 */
export function adam(options: AdamOptions = {}): KerasOptimizer {
  return new KerasAdam(options);
}
