/**
 * The Adadelta optimizer, compatible with Keras.
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

/** Options of {@link adadelta}. */
export interface AdadeltaOptions extends KerasOptimizerOptions {
  /** Decay of the moving means; 0.95 by default. */
  readonly rho?: number;
  /** Added to the means before taking the root; 1e-7 by default. */
  readonly epsilon?: number;
}

class KerasAdadelta extends KerasOptimizer {
  static readonly className = "KerasAdadelta";
  private readonly rho: number;
  private readonly epsilon: number;

  constructor(options: AdadeltaOptions = {}) {
    const { rho = 0.95, epsilon = 1e-7 } = options;
    checkShare("rho", rho);
    checkRange("epsilon", epsilon, 0);
    super(options, 0.001);
    this.rho = rho;
    this.epsilon = epsilon;
  }

  protected override slotNames() {
    return ["accum_grad", "accum_var"];
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const { rho, epsilon } = this;
    const [squares, changes] = slots as [tf.Variable, tf.Variable];
    const root = (value: tf.Tensor) => tf.sqrt(tf.add(value, epsilon));
    // Divides by the new mean of squares. tfjs divides by the old one.
    decayMean(squares, tf.square(gradient), rho);
    const change = tf.div(tf.mul(root(changes), gradient), root(squares));
    decayMean(changes, tf.square(change), rho);
    return tf.sub(value, tf.mul(rate, change));
  }

  override getConfig() {
    const { rho, epsilon } = this;
    return { ...super.getConfig(), rho, epsilon };
  }
}

registerPart(KerasAdadelta);

/**
 * Creates an Adadelta optimizer: the gradient times the root mean square of earlier changes,
 * divided by that of the gradients.
 *
 * `options` {@link AdadeltaOptions}: `learningRate` 0.001, `rho` 0.95, `epsilon` 1e-7. Throws a
 * RangeError (`ERR_INVALID_VALUE`) if an option is out of range. `tf.train.adadelta` is plain
 * gradient descent.
 *
 * Source: Keras 3, `Adadelta`; Zeiler 2012, "ADADELTA: An adaptive learning rate method".
 */
export function adadelta(options: AdadeltaOptions = {}): KerasOptimizer {
  return new KerasAdadelta(options);
}
