/**
 * Base class of the Keras-compatible optimizers: state of each weight, step count, saving and
 * restoring.
 *
 * All values that change between steps, including the learning rate, are `tf.Variable`s, so that a
 * compiled step reads their current values.
 */
import { declarePart } from "../../engine/parts/declared-parts";
import { tf } from "../../engine/tensorflow";
import { checkRange } from "../../check";
import { coded } from "../../notebook/coded-error";
import type { KerasOptimizerOptions } from "./common-options";
import { GradientClipping } from "./gradient-clipping";
import {
  deserializeSchedule,
  LearningRateSchedule,
  serializeSchedule,
} from "./schedules/learning-rate-schedule";
import {
  checkExclusions,
  WeightDecay,
  type WeightDecayExclusions,
} from "./weight-decay";

/** State of one weight, such as a moving mean of its gradients. */
interface Slot {
  /** Name for saving: the weight's name and the slot's name. */
  readonly originalName: string;
  readonly variable: tf.Variable;
}

/** A tensor with its name for saving, as in tfjs's optimizers. */
export interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}

/** The input of the update rule for one weight. */
export interface WeightUpdate {
  /** The weight, of any shape, after its decay. */
  readonly value: tf.Tensor;
  /** The gradient of the loss with respect to the weight, same shape. */
  readonly gradient: tf.Tensor;
  /** The weight's state in the order of `slotNames`, each of the same shape. */
  readonly slots: readonly tf.Variable[];
  /** The learning rate. */
  readonly rate: tf.Tensor;
}

/** A TensorFlow.js optimizer with a Keras update rule. */
export abstract class KerasOptimizer extends tf.Optimizer {
  /** Number of steps done, as a variable that compiled steps read. */
  protected readonly steps: tf.Variable;
  /** The learning rate, unless there is a schedule. */
  private readonly rate: tf.Variable;
  private rateAsNumber: number;
  private schedule: LearningRateSchedule | undefined;
  private readonly clipping: GradientClipping | undefined;
  private readonly decay: WeightDecay | undefined;
  /** The state of each weight, in the order of the weights. */
  private slots: Slot[][] = [];

  constructor(options: KerasOptimizerOptions, defaultRate: number) {
    super();
    const given = restoredSchedule(options.learningRate ?? defaultRate);
    this.schedule = given instanceof LearningRateSchedule ? given : undefined;
    const rate = given instanceof LearningRateSchedule ? 0 : given;
    checkRange("learningRate", rate, 0);
    this.rateAsNumber = rate;
    this.clipping = GradientClipping.of(options);
    this.decay = WeightDecay.of(options.weightDecay);
    const scalar = (value: number) =>
      tf.tidy(() => tf.scalar(value).variable(false));
    this.rate = scalar(rate);
    this.steps = scalar(0);
  }

  /** Returns the names of a weight's slots, for saving. */
  protected abstract slotNames(): readonly string[];

  /**
   * Returns a weight's new value and assigns the new state to the slots. Called within a `tf.tidy`.
   */
  protected abstract updated(update: WeightUpdate): tf.Tensor;

  /** Returns the initial value of a slot; zeros by default. */
  protected initialSlot(value: tf.Variable): tf.Tensor {
    return tf.zerosLike(value);
  }

  /** Called after all weights of a step are updated, for state that they share. */
  protected afterUpdates(): void {}

  /**
   * The learning rate of the next step. A new value, a number or a schedule, takes effect in the
   * next step.
   *
   * Setting a number throws an Error (`ERR_INVALID_STATE`) if there is a schedule, as in Keras, and
   * a RangeError (`ERR_INVALID_VALUE`) if it is below 0.
   */
  get learningRate(): number {
    return this.schedule?.valueAt(this.iterations) ?? this.rateAsNumber;
  }

  set learningRate(rate: number | LearningRateSchedule) {
    if (rate instanceof LearningRateSchedule) {
      this.schedule = rate;
      return;
    }
    if (this.schedule !== undefined) {
      throw coded(
        "ERR_INVALID_STATE",
        new Error(
          `Expected an optimizer without a learning rate schedule, received one whose rate ${this.schedule.getClassName()} determines; create it with a number to set the rate`,
        ),
      );
    }
    checkRange("learningRate", rate, 0);
    this.rateAsNumber = rate;
    tf.tidy(() => this.rate.assign(tf.scalar(rate)));
  }

  /**
   * Excludes weights from weight decay, in place of those excluded before; takes effect in the next
   * step. Saved models do not contain exclusions, as in Keras.
   *
   * Throws a RangeError (`ERR_INVALID_VALUE`) if a name is not a valid regular expression.
   */
  excludeFromWeightDecay(exclusions: WeightDecayExclusions): void {
    checkExclusions(exclusions);
    this.decay?.exclude(exclusions);
  }

  /** Whether a weight is excluded from weight decay. */
  isExcludedFromWeightDecay(weight: tf.Variable): boolean {
    return this.decay?.excludes(weight) ?? false;
  }

  /** Sets the learning rate, like the method of tfjs's SGD. */
  setLearningRate(rate: number): void {
    this.learningRate = rate;
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const entries = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    tf.tidy(() => {
      const rate = this.schedule?.call(this.steps) ?? this.rate;
      const given = entries.map(({ tensor }) => tensor);
      const clipped = this.clipping?.clipped(given) ?? given;
      for (const [index, { name }] of entries.entries()) {
        const weight = tf.engine().registeredVariables[name]!;
        const slots = this.slotsOf(index, name, weight);
        const gradient = clipped[index];
        // tfjs passes no gradient for weights that the loss does not depend on.
        if (gradient == null) continue;
        const value = this.decay?.decayed(weight, rate) ?? weight;
        weight.assign(this.updated({ value, gradient, slots, rate }));
      }
      this.afterUpdates();
      this.steps.assign(tf.add(this.steps, 1));
    });
    this.incrementIterations();
  }

  private slotsOf(
    index: number,
    name: string,
    value: tf.Variable,
  ): tf.Variable[] {
    const slots = (this.slots[index] ??= this.slotNames().map((slotName) => ({
      originalName: `${name}/${slotName}`,
      variable: tf.tidy(() => this.initialSlot(value).variable(false)),
    })));
    return slots.map(({ variable }) => variable);
  }

  override dispose(): void {
    this.rate.dispose();
    this.steps.dispose();
    tf.dispose(this.slots.flat().map(({ variable }) => variable));
    this.slots = [];
  }

  /**
   * Returns the step count, then the state: the first slot of all weights, then the second slot of
   * all, and so on.
   */
  override async getWeights(): Promise<NamedTensor[]> {
    const ordered = this.slotNames().flatMap((_, slot) =>
      this.slots.map((slots) => slots[slot]!),
    );
    return [
      await this.saveIterations(),
      ...ordered.map(({ originalName, variable }) => ({
        name: originalName,
        tensor: variable,
      })),
    ];
  }

  /**
   * Restores the state that {@link getWeights} returned.
   *
   * Throws an Error (`ERR_SHAPE`) if the number of tensors does not match.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const state = await this.extractIterations(weights);
    const each = this.slotNames().length;
    const count = each === 0 ? 0 : state.length / each;
    if (!Number.isInteger(count) || (each === 0 && state.length > 0)) {
      throw coded(
        "ERR_SHAPE",
        new Error(
          `Expected the step count and ${each} tensors for each weight, received ${weights.length} tensors`,
        ),
      );
    }
    const before = this.slots.flat().map(({ variable }) => variable);
    this.slots = Array.from({ length: count }, (_, index) =>
      Array.from({ length: each }, (_, slot) => {
        const { name, tensor } = state[slot * count + index]!;
        // A copy, because the caller may dispose of its tensors.
        const variable = tf.tidy(() => tensor.clone().variable(false));
        return { originalName: name, variable };
      }),
    );
    // Disposed last, because the tensors passed in may be this state.
    tf.dispose(before);
    tf.tidy(() => this.steps.assign(tf.scalar(this.iterations)));
    this.afterRestore();
  }

  /** Called after {@link setWeights}, for state that depends on the step count. */
  protected afterRestore(): void {}

  override getConfig(): tf.serialization.ConfigDict {
    const { schedule, rateAsNumber, decay, clipping } = this;
    return {
      learningRate: schedule ? serializeSchedule(schedule) : rateAsNumber,
      ...decay?.getConfig(),
      ...clipping?.getConfig(),
    };
  }

  static override fromConfig<Made extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<Made>,
    config: tf.serialization.ConfigDict,
  ): Made {
    return new cls(config);
  }
}

declarePart(KerasOptimizer);

/** Restores a schedule if the given learning rate is the saved form of one. */
function restoredSchedule(
  rate: number | LearningRateSchedule,
): number | LearningRateSchedule {
  return typeof rate === "object" && !(rate instanceof LearningRateSchedule)
    ? deserializeSchedule(rate)
    : rate;
}

/** Updates a moving mean: mean + (value − mean) · share. Assigns and returns the new mean. */
export function moveMean(
  mean: tf.Variable,
  value: tf.Tensor,
  share: number,
): tf.Tensor {
  const moved = tf.add(mean, tf.mul(tf.sub(value, mean), share));
  mean.assign(moved);
  return moved;
}

/** Updates a moving mean: mean · decay + value · (1 − decay). */
export function decayMean(
  mean: tf.Variable,
  value: tf.Tensor,
  decay: number,
): void {
  mean.assign(tf.add(tf.mul(mean, decay), tf.mul(value, 1 - decay)));
}
