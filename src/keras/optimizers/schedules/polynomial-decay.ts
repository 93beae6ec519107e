/**
 * Learning rates that fall to an end value by a polynomial.
 */
import { checkPositive, checkRange } from "../../../check";
import { tf } from "../../../engine/tensorflow";
import { registerPart } from "../../registered-class";
import { LearningRateSchedule } from "./learning-rate-schedule";

/** Options of {@link polynomialDecay}. */
export interface PolynomialDecayOptions {
  /** The rate of the first step. */
  readonly initialLearningRate: number;
  /** The number of steps until the end rate is reached. */
  readonly decaySteps: number;
  /** The rate after `decaySteps` steps; 0.0001 by default. */
  readonly endLearningRate?: number;
  /** The power of the polynomial; 1, a straight line, by default. */
  readonly power?: number;
  /**
   * Whether the rate rises again beyond `decaySteps`: the fall is then stretched to the next
   * multiple of `decaySteps`. False by default.
   */
  readonly cycle?: boolean;
}

class PolynomialDecay extends LearningRateSchedule {
  static readonly className = "KerasPolynomialDecay";
  private readonly initialLearningRate: number;
  private readonly decaySteps: number;
  private readonly endLearningRate: number;
  private readonly power: number;
  private readonly cycle: boolean;

  constructor(options: PolynomialDecayOptions) {
    super();
    const {
      initialLearningRate,
      decaySteps,
      endLearningRate = 0.0001,
    } = options;
    const { power = 1, cycle = false } = options;
    checkRange("initialLearningRate", initialLearningRate, 0);
    checkPositive("decaySteps", decaySteps);
    checkRange("endLearningRate", endLearningRate, 0);
    checkRange("power", power, 0);
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = decaySteps;
    this.endLearningRate = endLearningRate;
    this.power = power;
    this.cycle = cycle;
  }

  override call(step: tf.Tensor) {
    const { initialLearningRate, decaySteps, endLearningRate, power } = this;
    const fraction = this.cycle
      ? tf.div(step, tf.mul(decaySteps, this.cyclesAt(step)))
      : tf.div(tf.minimum(step, decaySteps), decaySteps);
    const left = tf.pow(tf.sub(1, fraction), power);
    const range = initialLearningRate - endLearningRate;
    return tf.add(tf.mul(range, left), endLearningRate);
  }

  /** Returns the number of cycles up to the end of a step's own, at least 1. */
  private cyclesAt(step: tf.Tensor): tf.Tensor {
    // Rounded up by functions that native steps have.
    const passed = tf.neg(tf.floor(tf.neg(tf.div(step, this.decaySteps))));
    return tf.maximum(passed, 1);
  }

  override getConfig() {
    const { initialLearningRate, decaySteps, endLearningRate } = this;
    const { power, cycle } = this;
    return { initialLearningRate, decaySteps, endLearningRate, power, cycle };
  }
}

registerPart(PolynomialDecay);

/**
 * Creates a schedule whose rate falls to an end value by a polynomial: `(initialLearningRate -
 * endLearningRate) * (1 - step / decaySteps) ** power + endLearningRate`, and stays there.
 *
 * `options` {@link PolynomialDecayOptions}. With `cycle`, `decaySteps` is multiplied by the
 * smallest integer that makes it at least `step`, instead. Throws a RangeError
 * (`ERR_INVALID_VALUE`) if `decaySteps` is not above 0, or another number is below 0.
 *
 * Source: Keras 3, `PolynomialDecay`.
 */
export function polynomialDecay(
  options: PolynomialDecayOptions,
): LearningRateSchedule {
  return new PolynomialDecay(options);
}
