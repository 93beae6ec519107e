/**
 * Learning rates that are constant between given steps.
 */
import { checkRange } from "../../../check";
import { tf } from "../../../engine/tensorflow";
import { coded } from "../../../notebook/coded-error";
import { registerPart } from "../../registered-class";
import { LearningRateSchedule } from "./learning-rate-schedule";

/** Options of {@link piecewiseConstantDecay}. */
export interface PiecewiseConstantDecayOptions {
  /** The last step of each rate but the last, increasing; steps are counted from 0. */
  readonly boundaries: readonly number[];
  /** The rates, one more than boundaries. */
  readonly values: readonly number[];
}

class PiecewiseConstantDecay extends LearningRateSchedule {
  static readonly className = "KerasPiecewiseConstantDecay";
  private readonly boundaries: readonly number[];
  private readonly values: readonly number[];

  constructor({ boundaries, values }: PiecewiseConstantDecayOptions) {
    super();
    checkBoundaries(boundaries);
    if (values.length !== boundaries.length + 1) {
      throw coded(
        "ERR_SHAPE",
        new RangeError(
          `Expected \`values\` to have one element more than \`boundaries\`, received ${values.length} values and ${boundaries.length} boundaries`,
        ),
      );
    }
    for (const value of values) checkRange("values", value, 0);
    this.boundaries = [...boundaries];
    this.values = [...values];
  }

  override call(step: tf.Tensor) {
    const { boundaries, values } = this;
    let rate: tf.Tensor = tf.scalar(values.at(-1)!);
    for (let index = boundaries.length - 1; index >= 0; index -= 1) {
      const isBefore = tf.lessEqual(step, boundaries[index]!);
      rate = tf.where(isBefore, tf.scalar(values[index]!), rate);
    }
    return rate;
  }

  override getConfig() {
    return { boundaries: [...this.boundaries], values: [...this.values] };
  }
}

function checkBoundaries(boundaries: readonly number[]): void {
  const isIncreasing = boundaries.every(
    (each, index) =>
      Number.isFinite(each) && (index === 0 || each > boundaries[index - 1]!),
  );
  if (isIncreasing && boundaries.length > 0) return;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected \`boundaries\` to be one or more increasing numbers, received [${boundaries.join(", ")}]`,
    ),
  );
}

registerPart(PiecewiseConstantDecay);

/**
 * Creates a schedule whose rate is constant between given steps: `values[0]` up to and including
 * step `boundaries[0]`, then `values[1]` up to and including step `boundaries[1]`, and so on.
 *
 * Throws a RangeError with the code `ERR_INVALID_VALUE` if `boundaries` is empty or not increasing,
 * or a rate is below 0, and with the code `ERR_SHAPE` if `values` does not have one element more.
 *
 * Source: Keras 3, `PiecewiseConstantDecay`.
 */
export function piecewiseConstantDecay(
  options: PiecewiseConstantDecayOptions,
): LearningRateSchedule {
  return new PiecewiseConstantDecay(options);
}
