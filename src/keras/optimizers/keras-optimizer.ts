/**
 * What the optimizers of the Keras form share: the state of each weight, the count of steps, saving and restoring.
 *
 * All that changes from step to step is held in `tf.Variable`s, the learning rate too, so that a compiled step reads it there.
 */
import { declarePart } from "../../engine/parts/declared-parts";
import { tf } from "../../engine/tensorflow";
import { checkRange } from "../check";

/** State that belongs to one weight, such as a moving mean of its gradients. */
interface Slot {
  /** Name under which it is saved: the weight's, and what it holds. */
  readonly originalName: string;
  readonly variable: tf.Variable;
}

/** A tensor with the name under which it is saved, as tfjs's optimizers give and take it. */
interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}

/** What a step gives to the rule of one weight. */
export interface WeightUpdate {
  /** The weight, any shape. */
  readonly value: tf.Variable;
  /** The gradient of the loss by it, same shape. */
  readonly gradient: tf.Tensor;
  /** The weight's state, in the order of `slotNames`, same shape each. */
  readonly slots: readonly tf.Variable[];
  /** The learning rate. */
  readonly rate: tf.Tensor;
}

/** An optimizer of TensorFlow.js that follows a formula of Keras. */
export abstract class KerasOptimizer extends tf.Optimizer {
  /** Steps done so far, as a number that a compiled step can read. */
  protected readonly steps: tf.Variable;
  private readonly rate: tf.Variable;
  private rateAsNumber: number;
  /** For each weight its state, in the order in which the weights are given. */
  private slots: Slot[][] = [];

  constructor(learningRate: number) {
    super();
    checkRange("learningRate", learningRate, 0);
    this.rateAsNumber = learningRate;
    const scalar = (value: number) =>
      tf.tidy(() => tf.scalar(value).variable(false));
    this.rate = scalar(learningRate);
    this.steps = scalar(0);
  }

  /** Names of a weight's state, under which it is saved. */
  protected abstract slotNames(): readonly string[];

  /** A weight's new value. Assigns the new state to the slots. Called within a `tf.tidy`. */
  protected abstract updated(update: WeightUpdate): tf.Tensor;

  /** What a slot starts from; 0 everywhere by default. */
  protected initialSlot(value: tf.Variable): tf.Tensor {
    return tf.zerosLike(value);
  }

  /** Runs after a step's weights have been updated; for state that all weights share. */
  protected afterUpdates(): void {}

  /** The learning rate; assigning to it counts from the next step on. */
  get learningRate(): number {
    return this.rateAsNumber;
  }

  set learningRate(rate: number) {
    checkRange("learningRate", rate, 0);
    this.rateAsNumber = rate;
    tf.tidy(() => this.rate.assign(tf.scalar(rate)));
  }

  /** Sets the learning rate, as the method of tfjs's SGD does. */
  setLearningRate(rate: number): void {
    this.learningRate = rate;
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const entries = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    tf.tidy(() => {
      for (const [index, { name, tensor }] of entries.entries()) {
        const value = tf.engine().registeredVariables[name]!;
        const slots = this.slotsOf(index, name, value);
        // tfjs gives no gradient where none flows.
        if (tensor == null) continue;
        value.assign(
          this.updated({ value, gradient: tensor, slots, rate: this.rate }),
        );
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

  /** The count of steps, then the state: the first slot of all weights, then the second of all, and so on. */
  override async getWeights(): Promise<NamedTensor[]> {
    const ordered = this.slotNames().flatMap((_, slot) =>
      this.slots.map((slots) => slots[slot]!),
    );
    return [
      await this.saveIterations(),
      ...ordered.map(({ originalName, variable }) => ({
        name: originalName,
        tensor: variable as tf.Tensor,
      })),
    ];
  }

  /**
   * Restores what {@link getWeights} gave.
   *
   * Throws an Error if the number of tensors does not fit.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const state = await this.extractIterations(weights);
    const each = this.slotNames().length;
    const count = each === 0 ? 0 : state.length / each;
    if (!Number.isInteger(count) || (each === 0 && state.length > 0)) {
      throw new Error(
        `Expected the steps and ${each} tensors for each weight, received ${weights.length} tensors`,
      );
    }
    const before = this.slots.flat().map(({ variable }) => variable);
    this.slots = Array.from({ length: count }, (_, index) =>
      Array.from({ length: each }, (_, slot) => {
        const { name, tensor } = state[slot * count + index]!;
        // A copy: the caller may dispose of what was given.
        const variable = tf.tidy(() => tensor.clone().variable(false));
        return { originalName: name, variable };
      }),
    );
    // Only now: what was given may be the state itself.
    tf.dispose(before);
    tf.tidy(() => this.steps.assign(tf.scalar(this.iterations)));
    this.restored();
  }

  /** Runs after {@link setWeights}; for state that follows from the count of steps. */
  protected restored(): void {}

  override getConfig(): tf.serialization.ConfigDict {
    return { learningRate: this.learningRate };
  }

  static override fromConfig<Made extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<Made>,
    config: tf.serialization.ConfigDict,
  ): Made {
    return new cls(config);
  }
}

declarePart(KerasOptimizer);

/** Moves a mean towards a value: mean + (value − mean) · share. Assigns it and gives it back. */
export function moveMean(
  mean: tf.Variable,
  value: tf.Tensor,
  share: number,
): tf.Tensor {
  const moved = tf.add(mean, tf.mul(tf.sub(value, mean), share));
  mean.assign(moved);
  return moved;
}
