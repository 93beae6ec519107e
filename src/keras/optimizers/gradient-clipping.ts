/**
 * Limits the gradients of a step, as the options of Keras's optimizers do.
 */
import { checkPositive } from "../../check";
import { declarePart } from "../../engine/parts/declared-parts";
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";

/** Options that limit gradients; at most one of them can be given. */
export interface ClippingOptions {
  /** Largest Euclidean norm of the gradient of each weight tensor; larger ones are scaled to it. */
  readonly clipnorm?: number;
  /** Largest absolute value of a gradient's elements; larger ones are replaced by it. */
  readonly clipvalue?: number;
  /** Largest Euclidean norm of all gradients together; larger ones are scaled by one factor. */
  readonly globalClipnorm?: number;
}

type Gradient = tf.Tensor | null | undefined;

const kinds = ["clipnorm", "clipvalue", "globalClipnorm"] as const;

/** Limits gradients in one of three ways. Source: Keras 3, `BaseOptimizer._clip_gradients`. */
export class GradientClipping {
  private constructor(
    private readonly kind: (typeof kinds)[number],
    private readonly limit: number,
  ) {}

  /**
   * Returns the clipping that options describe; undefined for none.
   *
   * Throws a RangeError (`ERR_INVALID_VALUE`) if a limit is not above 0, or if there are several.
   */
  static of(options: ClippingOptions): GradientClipping | undefined {
    // Keras's configurations have null for none.
    const given = kinds.filter(
      (kind) => (options[kind] ?? undefined) !== undefined,
    );
    const [kind] = given;
    if (given.length > 1) {
      const texts = given.map((each) => `${each} ${options[each]}`);
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected at most one of \`clipnorm\`, \`clipvalue\` and \`globalClipnorm\`, received ${texts.join(" and ")}`,
        ),
      );
    }
    if (kind === undefined) return undefined;
    const limit = options[kind]!;
    checkPositive(kind, limit);
    return new GradientClipping(kind, limit);
  }

  /** Returns the clipped gradients of a step; missing ones stay missing. */
  clipped(gradients: readonly Gradient[]): readonly Gradient[] {
    const { limit } = this;
    switch (this.kind) {
      case "clipnorm":
        return changed(gradients, (gradient) => {
          const norm = tf.sqrt(sumOfSquares(gradient));
          return tf.div(tf.mul(gradient, limit), tf.maximum(norm, limit));
        });
      case "clipvalue":
        return changed(gradients, (gradient) =>
          tf.maximum(tf.minimum(gradient, limit), -limit),
        );
      case "globalClipnorm": {
        const present = gradients.filter((gradient) => gradient != null);
        const norm = tf.sqrt(total(present.map(sumOfSquares)));
        const factor = tf.mul(limit, tf.minimum(tf.div(1, norm), 1 / limit));
        // An infinite norm makes all weights NaN, as in Keras.
        const scale = tf.add(factor, tf.sub(norm, norm));
        return changed(gradients, (gradient) => tf.mul(gradient, scale));
      }
    }
  }

  /** Returns the option from which {@link GradientClipping.of} creates it. */
  getConfig(): tf.serialization.ConfigDict {
    return { [this.kind]: this.limit };
  }
}

declarePart(GradientClipping);

function changed(
  gradients: readonly Gradient[],
  clip: (gradient: tf.Tensor) => tf.Tensor,
): readonly Gradient[] {
  return gradients.map((gradient) => gradient && clip(gradient));
}

/** Native steps sum squares that are written as products without storing them. */
function sumOfSquares(gradient: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(gradient, gradient));
}

/** Adds pairs, then pairs of sums, because few additions then have to wait for others. */
function total(scalars: readonly tf.Tensor[]): tf.Tensor {
  if (scalars.length === 0) return tf.scalar(0);
  if (scalars.length === 1) return scalars[0]!;
  const half = Math.ceil(scalars.length / 2);
  return tf.add(total(scalars.slice(0, half)), total(scalars.slice(half)));
}
