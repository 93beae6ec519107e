/**
 * Learning rates that fall by a factor, or as the inverse of the time.
 */
import { checkPositive, checkRange } from "../../../check";
import { declarePart } from "../../../engine/parts/declared-parts";
import { tf } from "../../../engine/tensorflow";
import { registerPart } from "../../registered-class";
import { LearningRateSchedule } from "./learning-rate-schedule";

/** Options of {@link exponentialDecay} and {@link inverseTimeDecay}. */
export interface DecayOptions {
  /** The rate of the first step. */
  readonly initialLearningRate: number;
  /** The number of steps after which the decay rate has acted once. */
  readonly decaySteps: number;
  /** The factor of an exponential decay; the growth of the divisor of an inverse time decay. */
  readonly decayRate: number;
  /** Whether the rate changes only every `decaySteps` steps; false by default. */
  readonly staircase?: boolean;
}

/** A decay with the options {@link DecayOptions}. */
abstract class Decay extends LearningRateSchedule {
  protected readonly initialLearningRate: number;
  protected readonly decayRate: number;
  private readonly decaySteps: number;
  private readonly staircase: boolean;

  constructor(options: DecayOptions) {
    super();
    const { initialLearningRate, decaySteps, decayRate } = options;
    checkRange("initialLearningRate", initialLearningRate, 0);
    checkPositive("decaySteps", decaySteps);
    checkRange("decayRate", decayRate, 0);
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = decaySteps;
    this.decayRate = decayRate;
    this.staircase = options.staircase ?? false;
  }

  /** Returns how often the decay rate has acted before a step. */
  protected timesAt(step: tf.Tensor): tf.Tensor {
    const times = tf.div(step, this.decaySteps);
    return this.staircase ? tf.floor(times) : times;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this;
    return { initialLearningRate, decaySteps, decayRate, staircase };
  }
}

class ExponentialDecay extends Decay {
  static readonly className = "KerasExponentialDecay";

  override call(step: tf.Tensor) {
    const factor = tf.pow(this.decayRate, this.timesAt(step));
    return tf.mul(this.initialLearningRate, factor);
  }
}

class InverseTimeDecay extends Decay {
  static readonly className = "KerasInverseTimeDecay";

  override call(step: tf.Tensor) {
    const divisor = tf.add(1, tf.mul(this.decayRate, this.timesAt(step)));
    return tf.div(this.initialLearningRate, divisor);
  }
}

declarePart(Decay);
registerPart(ExponentialDecay);
registerPart(InverseTimeDecay);

/**
 * Creates a schedule whose rate falls by the factor `decayRate` every `decaySteps` steps:
 * `initialLearningRate * decayRate ** (step / decaySteps)`.
 *
 * `options` {@link DecayOptions}; with `staircase`, the exponent is rounded down. Throws a
 * RangeError (`ERR_INVALID_VALUE`) if `decaySteps` is not above 0, or a rate is below 0.
 *
 * Source: Keras 3, `ExponentialDecay`.
 */
export function exponentialDecay(options: DecayOptions): LearningRateSchedule {
  return new ExponentialDecay(options);
}

/**
 * Creates a schedule whose rate is divided by a growing number: `initialLearningRate / (1 +
 * decayRate * step / decaySteps)`.
 *
 * `options` {@link DecayOptions}; with `staircase`, `step / decaySteps` is rounded down. Throws a
 * RangeError (`ERR_INVALID_VALUE`) if `decaySteps` is not above 0, or a rate is below 0.
 *
 * Source: Keras 3, `InverseTimeDecay`.
 */
export function inverseTimeDecay(options: DecayOptions): LearningRateSchedule {
  return new InverseTimeDecay(options);
}
