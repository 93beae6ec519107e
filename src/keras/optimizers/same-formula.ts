/**
 * Optimizers with the same formula in TensorFlow.js and Keras, with Keras's defaults.
 */
import { tf } from "../../engine/tensorflow";
import { checkRange } from "../../check";

/** Options of {@link adagrad}. */
export interface AdagradOptions {
  /** Step size; 0.001 by default. tfjs's string "adagrad" uses 0.01. */
  readonly learningRate?: number;
  /** Initial value of each weight's sum of squared gradients; 0.1 by default. */
  readonly initialAccumulatorValue?: number;
}

/**
 * Creates an Adagrad optimizer: each weight's gradient over the root of the sum of its squares.
 *
 * `options` {@link AdagradOptions}: `learningRate` 0.001, `initialAccumulatorValue` 0.1; epsilon is
 * 1e-7. Throws a RangeError (`ERR_INVALID_VALUE`) if an option is below 0.
 *
 * Source: Keras 3, `Adagrad`; Duchi, Hazan and Singer 2011.
 */
export function adagrad(options: AdagradOptions = {}): tf.Optimizer {
  const { learningRate = 0.001, initialAccumulatorValue = 0.1 } = options;
  checkRange("learningRate", learningRate, 0);
  checkRange("initialAccumulatorValue", initialAccumulatorValue, 0);
  return tf.train.adagrad(learningRate, initialAccumulatorValue);
}

/** Options of {@link adamax}. */
export interface AdamaxOptions {
  /** Step size; 0.001 by default. tfjs's string "adamax" uses 0.002. */
  readonly learningRate?: number;
  /** Decay of the moving mean of gradients; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the largest gradient so far; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the largest gradient; 1e-7 by default. */
  readonly epsilon?: number;
}

/**
 * Creates an Adamax optimizer: Adam with the decaying maximum of gradients in place of the root
 * mean square.
 *
 * `options` {@link AdamaxOptions}: `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon`
 * 1e-7. Throws a RangeError (`ERR_INVALID_VALUE`) if `learningRate` or `epsilon` is below 0.
 *
 * Source: Keras 3, `Adamax`; Kingma and Ba 2015, section 7.1.
 */
export function adamax(options: AdamaxOptions = {}): tf.Optimizer {
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999 } = options;
  const { epsilon = 1e-7 } = options;
  checkRange("learningRate", learningRate, 0);
  checkRange("epsilon", epsilon, 0);
  return tf.train.adamax(learningRate, beta1, beta2, epsilon);
}
