/**
 * The Adagrad optimizer, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkRange } from "../../check";
import { areOptionsOfTfjs, type KerasOptimizerOptions } from "./common-options";
import { KerasOptimizer, type WeightUpdate } from "./keras-optimizer";
import { registerPart } from "../registered-class";

/** Options of {@link adagrad}. */
export interface AdagradOptions extends KerasOptimizerOptions {
  /** Initial value of each weight's sum of squared gradients; 0.1 by default. */
  readonly initialAccumulatorValue?: number;
  /** Added to the sum of squares before taking the root; 1e-7 by default. */
  readonly epsilon?: number;
}

class KerasAdagrad extends KerasOptimizer {
  static readonly className = "KerasAdagrad";
  private readonly initialAccumulatorValue: number;
  private readonly epsilon: number;

  constructor(options: AdagradOptions = {}) {
    const { initialAccumulatorValue = 0.1, epsilon = 1e-7 } = options;
    checkRange("initialAccumulatorValue", initialAccumulatorValue, 0);
    checkRange("epsilon", epsilon, 0);
    super(options, 0.001);
    this.initialAccumulatorValue = initialAccumulatorValue;
    this.epsilon = epsilon;
  }

  protected override slotNames() {
    return ["accumulator"];
  }

  protected override initialSlot({ shape }: tf.Variable) {
    return tf.fill(shape, this.initialAccumulatorValue);
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const [squares] = slots as [tf.Variable];
    squares.assign(tf.add(squares, tf.square(gradient)));
    const root = tf.sqrt(tf.add(squares, this.epsilon));
    return tf.sub(value, tf.div(tf.mul(rate, gradient), root));
  }

  override getConfig() {
    const { initialAccumulatorValue, epsilon } = this;
    return { ...super.getConfig(), initialAccumulatorValue, epsilon };
  }
}

registerPart(KerasAdagrad);

/**
 * Creates an Adagrad optimizer: each weight's gradient over the root of the sum of its squares.
 *
 * `options` {@link AdagradOptions}: `learningRate` 0.001 (tfjs's string "adagrad" uses 0.01),
 * `initialAccumulatorValue` 0.1, `epsilon` 1e-7. Throws a RangeError (`ERR_INVALID_VALUE`) if an
 * option is below 0. Without further options, it is `tf.train.adagrad`, which has the same formula.
 *
 * Source: Keras 3, `Adagrad`; Duchi, Hazan and Singer 2011.
 */
export function adagrad(
  options: AdagradOptions & { readonly weightDecay: number },
): KerasOptimizer;
export function adagrad(options?: AdagradOptions): tf.Optimizer;
export function adagrad(options: AdagradOptions = {}): tf.Optimizer {
  const { initialAccumulatorValue = 0.1 } = options;
  if (!areOptionsOfTfjs(options) || options.epsilon !== undefined) {
    return new KerasAdagrad(options);
  }
  const { learningRate = 0.001 } = options;
  checkRange("learningRate", learningRate, 0);
  checkRange("initialAccumulatorValue", initialAccumulatorValue, 0);
  return tf.train.adagrad(learningRate, initialAccumulatorValue);
}
