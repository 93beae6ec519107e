/**
 * Learning rates that fall by half a cosine wave, with a warm-up or with restarts.
 */
import { checkPositive, checkRange } from "../../../check";
import { tf } from "../../../engine/tensorflow";
import { registerPart } from "../../registered-class";
import { LearningRateSchedule } from "./learning-rate-schedule";

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** The rate of the first step. */
  readonly initialLearningRate: number;
  /** The number of steps of the fall, after the warm-up. */
  readonly decaySteps: number;
  /** The end rate as a share of the rate from which it falls; 0 by default. */
  readonly alpha?: number;
  /**
   * The rate to which the warm-up rises, and from which the rate falls afterwards. Without it there
   * is no warm-up, whatever `warmupSteps` is.
   */
  readonly warmupTarget?: number;
  /** The number of steps in which the rate rises to `warmupTarget`; 0 by default. */
  readonly warmupSteps?: number;
}

/** Options of {@link cosineDecayRestarts}. */
export interface CosineDecayRestartsOptions {
  /** The rate of the first step. */
  readonly initialLearningRate: number;
  /** The number of steps until the first restart. */
  readonly firstDecaySteps: number;
  /** The length of each period in relation to the one before; 2 by default. */
  readonly tMul?: number;
  /** The first rate of each period in relation to that of the one before; 1 by default. */
  readonly mMul?: number;
  /** The lowest rate as a share of the initial one; 0 by default. */
  readonly alpha?: number;
}

/** Returns half a cosine wave: 1 at 0, 0 at 1. */
function halfWave(fraction: tf.Tensor): tf.Tensor {
  return tf.mul(0.5, tf.add(1, tf.cos(tf.mul(Math.PI, fraction))));
}

class CosineDecay extends LearningRateSchedule {
  static readonly className = "KerasCosineDecay";
  private readonly initialLearningRate: number;
  private readonly decaySteps: number;
  private readonly alpha: number;
  private readonly warmupTarget: number | undefined;
  private readonly warmupSteps: number;

  constructor(options: CosineDecayOptions) {
    super();
    const { initialLearningRate, decaySteps, alpha = 0 } = options;
    const { warmupSteps = 0 } = options;
    // Keras's configurations have null for none.
    const warmupTarget = options.warmupTarget ?? undefined;
    checkRange("initialLearningRate", initialLearningRate, 0);
    checkPositive("decaySteps", decaySteps);
    checkRange("alpha", alpha, 0);
    if (warmupTarget !== undefined) checkRange("warmupTarget", warmupTarget, 0);
    checkRange("warmupSteps", warmupSteps, 0);
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = decaySteps;
    this.alpha = alpha;
    this.warmupTarget = warmupTarget;
    this.warmupSteps = warmupSteps;
  }

  override call(step: tf.Tensor) {
    const { initialLearningRate, decaySteps, warmupTarget, warmupSteps } = this;
    if (warmupTarget === undefined) {
      return this.fallen(tf.minimum(step, decaySteps), initialLearningRate);
    }
    const done = tf.minimum(step, decaySteps + warmupSteps);
    const fallen = this.fallen(tf.sub(done, warmupSteps), warmupTarget);
    if (warmupSteps === 0) return fallen;
    const rise = warmupTarget - initialLearningRate;
    const risen = tf.add(
      tf.mul(rise, tf.div(done, warmupSteps)),
      initialLearningRate,
    );
    return tf.where(tf.less(done, warmupSteps), risen, fallen);
  }

  private fallen(step: tf.Tensor, from: number): tf.Tensor {
    const { alpha, decaySteps } = this;
    const wave = halfWave(tf.div(step, decaySteps));
    return tf.mul(from, tf.add(tf.mul(1 - alpha, wave), alpha));
  }

  override getConfig() {
    const { initialLearningRate, decaySteps, alpha } = this;
    const { warmupTarget = null, warmupSteps } = this;
    return {
      initialLearningRate,
      decaySteps,
      alpha,
      warmupTarget,
      warmupSteps,
    };
  }
}

class CosineDecayRestarts extends LearningRateSchedule {
  static readonly className = "KerasCosineDecayRestarts";
  private readonly initialLearningRate: number;
  private readonly firstDecaySteps: number;
  private readonly tMul: number;
  private readonly mMul: number;
  private readonly alpha: number;

  constructor(options: CosineDecayRestartsOptions) {
    super();
    const { initialLearningRate, firstDecaySteps } = options;
    const { tMul = 2, mMul = 1, alpha = 0 } = options;
    checkRange("initialLearningRate", initialLearningRate, 0);
    checkPositive("firstDecaySteps", firstDecaySteps);
    checkRange("tMul", tMul, 1);
    checkRange("mMul", mMul, 0);
    checkRange("alpha", alpha, 0);
    this.initialLearningRate = initialLearningRate;
    this.firstDecaySteps = firstDecaySteps;
    this.tMul = tMul;
    this.mMul = mMul;
    this.alpha = alpha;
  }

  override call(step: tf.Tensor) {
    const { initialLearningRate, mMul, alpha } = this;
    const { restarts, fraction } = this.periodAt(step);
    const wave = tf.mul(tf.pow(mMul, restarts), halfWave(fraction));
    const share = tf.add(tf.mul(1 - alpha, wave), alpha);
    return tf.mul(initialLearningRate, share);
  }

  /** Returns the number of restarts before a step, and the fraction of its period that is over. */
  private periodAt(step: tf.Tensor) {
    const { firstDecaySteps, tMul } = this;
    const periods = tf.div(step, firstDecaySteps);
    if (tMul === 1) {
      const restarts = tf.floor(periods);
      return { restarts, fraction: tf.sub(periods, restarts) };
    }
    const growth = tf.sub(1, tf.mul(periods, 1 - tMul));
    const restarts = tf.floor(tf.div(tf.log(growth), tf.log(tMul)));
    const length = tf.pow(tMul, restarts);
    const before = tf.div(tf.sub(1, length), 1 - tMul);
    return { restarts, fraction: tf.div(tf.sub(periods, before), length) };
  }

  override getConfig() {
    const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = this;
    return { initialLearningRate, firstDecaySteps, tMul, mMul, alpha };
  }
}

registerPart(CosineDecay);
registerPart(CosineDecayRestarts);

/**
 * Creates a schedule whose rate falls by half a cosine wave to `alpha` times the first rate, and
 * stays there. With `warmupTarget`, it first rises on a straight line from `initialLearningRate`.
 *
 * `options` {@link CosineDecayOptions}: `alpha` 0, no warm-up. Throws a RangeError
 * (`ERR_INVALID_VALUE`) if `decaySteps` is not above 0, or another number is below 0.
 *
 * Source: Keras 3, `CosineDecay`; Loshchilov and Hutter 2017, "SGDR: Stochastic gradient descent
 * with warm restarts", without restarts.
 */
export function cosineDecay(options: CosineDecayOptions): LearningRateSchedule {
  return new CosineDecay(options);
}

/**
 * Creates a schedule whose rate falls by half a cosine wave again and again: after each period it
 * starts again at `mMul` times its last start, in a period that is `tMul` times as long.
 *
 * `options` {@link CosineDecayRestartsOptions}: `tMul` 2, `mMul` 1, `alpha` 0. Throws a RangeError
 * (`ERR_INVALID_VALUE`) if `firstDecaySteps` is not above 0, `tMul` is below 1, or another number
 * is below 0.
 *
 * Source: Keras 3, `CosineDecayRestarts`; Loshchilov and Hutter 2017, "SGDR: Stochastic gradient
 * descent with warm restarts".
 */
export function cosineDecayRestarts(
  options: CosineDecayRestartsOptions,
): LearningRateSchedule {
  return new CosineDecayRestarts(options);
}
