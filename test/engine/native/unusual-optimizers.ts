/**
 * Optimizers whose updates test edge cases of the formula instruction.
 */
import { tf } from "../../../src/engine";
import {
  KerasOptimizer,
  type WeightUpdate,
} from "../../../src/keras/optimizers/keras-optimizer";
import { registerPart } from "../../../src/keras/registered-class";

/**
 * Reads the step count, which the same step increments. Instructions at the end do not wait for
 * each other.
 */
class Counting extends KerasOptimizer {
  static readonly className = "KerasCounting";

  protected override slotNames() {
    return [];
  }

  protected override updated({ value, gradient, rate }: WeightUpdate) {
    return tf.sub(value, tf.mul(tf.mul(gradient, this.steps), rate));
  }
}

/** Assigns the old value of one slot to the other, and also reads it for the weight. */
class Swapping extends KerasOptimizer {
  static readonly className = "KerasSwapping";

  protected override slotNames() {
    return ["a", "b"];
  }

  protected override updated({ value, gradient, slots, rate }: WeightUpdate) {
    const [a, b] = slots as [tf.Variable, tf.Variable];
    const sum = tf.add(a, gradient);
    // Simplified away, so that the lowered step assigns one variable to another.
    const old = tf.mul(b, 1);
    b.assign(sum);
    a.assign(old);
    return tf.sub(value, tf.mul(tf.add(old, gradient), rate));
  }
}

/** Has more intermediate results at once than the kernel has registers. */
class Wide extends KerasOptimizer {
  static readonly className = "KerasWide";

  protected override slotNames() {
    return [];
  }

  protected override updated({ value, gradient, rate }: WeightUpdate) {
    const parts = Array.from({ length: 20 }, (_, index) =>
      tf.tanh(tf.mul(gradient, index + 1)),
    );
    const sum = parts.reduceRight((total, each) =>
      tf.add(tf.mul(total, 0.5), each),
    );
    return tf.sub(value, tf.mul(sum, rate));
  }
}

for (const each of [Counting, Swapping, Wide]) registerPart(each);

/** Functions that create the optimizers, by their unusual property. */
export const unusual: Readonly<Record<string, (rate: number) => tf.Optimizer>> =
  {
    "an update that reads a variable that the same step changes": (rate) =>
      new Counting({}, rate),
    "an update that assigns a variable's value to another": (rate) =>
      new Swapping({}, rate),
    "an update with twenty intermediate results at once": (rate) =>
      new Wide({}, rate),
  };
