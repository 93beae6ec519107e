/**
 * The RMSProp optimizer, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkRange, checkShare } from "../../check";
import type { KerasOptimizerOptions } from "./common-options";
import {
  decayMean,
  KerasOptimizer,
  type WeightUpdate,
} from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Options of {@link rmsprop}. */
export interface RMSPropOptions extends KerasOptimizerOptions {
  /** Decay of the moving means; 0.9 by default. */
  readonly rho?: number;
  /** Share of the previous change that is added to each change; 0 by default. */
  readonly momentum?: number;
  /** Added to the mean of squares or the variance before taking the root; 1e-7 by default. */
  readonly epsilon?: number;
  /**
   * Whether to divide the gradient by its standard deviation instead of its root mean square; false
   * by default.
   */
  readonly centered?: boolean;
}

class KerasRMSProp extends KerasOptimizer {
  static readonly className = "KerasRMSProp";
  private readonly rho: number;
  private readonly momentum: number;
  private readonly epsilon: number;
  private readonly centered: boolean;

  constructor(options: RMSPropOptions = {}) {
    const { rho = 0.9, momentum = 0 } = options;
    const { epsilon = 1e-7, centered = false } = options;
    checkShare("rho", rho);
    checkShare("momentum", momentum);
    checkRange("epsilon", epsilon, 0);
    super(options, 0.001);
    this.rho = rho;
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.centered = centered;
  }

  protected override slotNames() {
    return ["rms", "momentum", ...(this.centered ? ["mg"] : [])];
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const { rho, momentum, epsilon } = this;
    const [squares, changes, means] = slots as [
      tf.Variable,
      tf.Variable,
      tf.Variable?,
    ];
    decayMean(squares, tf.square(gradient), rho);
    let variance: tf.Tensor = squares;
    if (means !== undefined) {
      decayMean(means, gradient, rho);
      // Rounding can bring the variance of a constant gradient below zero.
      variance = tf.relu(tf.sub(squares, tf.square(means)));
    }
    const step = tf.div(
      tf.mul(rate, gradient),
      tf.sqrt(tf.add(variance, epsilon)),
    );
    const change =
      momentum === 0 ? step : tf.add(tf.mul(changes, momentum), step);
    changes.assign(change);
    return tf.sub(value, change);
  }

  override getConfig() {
    const { rho, momentum, epsilon, centered } = this;
    return { ...super.getConfig(), rho, momentum, epsilon, centered };
  }
}

registerPart(KerasRMSProp);

/**
 * Creates an RMSProp optimizer: each weight's gradient over the root of the moving mean of its
 * square or, if centered, over its standard deviation.
 *
 * `options` {@link RMSPropOptions}: `learningRate` 0.001, `rho` 0.9, `momentum` 0, `epsilon` 1e-7,
 * `centered` false. Throws a RangeError (`ERR_INVALID_VALUE`) if an option is out of range.
 *
 * `tf.train.rmsprop` subtracts epsilon from the variance. Here it is added, so a weight without
 * gradient does not change. A variance that rounding made negative counts as zero, which Keras does
 * not do.
 *
 * Source: Keras 3, `RMSprop`; for the centered form, Graves 2013, "Generating sequences with
 * recurrent neural networks".
 */
export function rmsprop(options: RMSPropOptions = {}): KerasOptimizer {
  return new KerasRMSProp(options);
}
