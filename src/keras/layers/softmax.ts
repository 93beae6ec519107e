/**
 * Softmax and ELU layers with Keras's options.
 */
import { tf } from "../../engine/tensorflow";
import { withGradient } from "../../engine/tfjs/custom-gradient";
import { checkRange } from "../../check";
import { coded } from "../../notebook/coded-error";
import { registeredClass, registerPart } from "../registered-class";
import { onlyTensor } from "./options";

/** Options of {@link softmax}, in addition to those of every layer. */
export type SoftmaxOptions = ConstructorParameters<
  typeof tf.layers.Layer
>[0] & {
  /** Axis or axes along which the outputs add up to 1; −1, the last axis, by default. */
  readonly axis?: number | readonly number[];
};

/** Options of {@link elu}, in addition to those of every layer. */
export type EluOptions = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** The output tends to −`alpha` for large negative inputs; 1 by default. */
  readonly alpha?: number;
};

class KerasSoftmax extends registeredClass<
  new (options: SoftmaxOptions) => tf.layers.Layer & {
    readonly axis: number | readonly number[];
  }
>("Softmax") {
  static readonly className = "KerasSoftmax";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = onlyTensor(inputs);
      const axes = axesOf(this.axis, input.rank);
      const last = input.rank - 1;
      if (axes.length === 1 && axes[0] === last) return tf.softmax(input);
      const others = input.shape
        .map((_, index) => index)
        .filter((index) => !axes.includes(index));
      // The axes of the sum come last, as one axis.
      const order = [...others, ...axes];
      const ordered = tf.transpose(input, order);
      const rows = tf.reshape(ordered, [
        ...ordered.shape.slice(0, others.length),
        -1,
      ]);
      const back = order.map((_, index) => order.indexOf(index));
      return tf.transpose(tf.reshape(tf.softmax(rows), ordered.shape), back);
    });
  }
}

/** Returns the axes of a softmax, counted from the first. */
function axesOf(
  given: number | readonly number[],
  rank: number,
): readonly number[] {
  const axes = [given].flat().map((axis) => (axis < 0 ? axis + rank : axis));
  const isValid = axes.every(
    (axis, index) => axis >= 1 && axis < rank && axes.indexOf(axis) === index,
  );
  if (isValid && axes.length > 0) return axes;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected \`axis\` to be one or some of 1 to ${rank - 1} for an input with ${rank} axes, received ${JSON.stringify(given)}`,
    ),
  );
}

class KerasELU extends tf.layers.Layer {
  static readonly className = "KerasELU";
  private readonly alpha: number;

  constructor({ alpha = 1, ...options }: EluOptions = {}) {
    super(options);
    checkRange("alpha", alpha, 0);
    this.alpha = alpha;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { alpha } = this;
    return tf.tidy(() =>
      withGradient(
        [onlyTensor(inputs)],
        (x) => {
          const below = tf.elu(tf.minimum(x, 0));
          const value = tf.add(tf.relu(x), tf.mul(below, alpha));
          return { value, saved: [x] };
        },
        (dy, x) => {
          const isAbove = tf.cast(tf.greater(x, 0), "float32");
          // At 0 the slope is alpha, as in Keras.
          const slope = tf.mul(tf.exp(tf.minimum(x, 0)), alpha);
          const isBelow = tf.sub(1, isAbove);
          return tf.mul(dy, tf.add(isAbove, tf.mul(isBelow, slope)));
        },
      ),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}

registerPart(KerasSoftmax);
registerPart(KerasELU);

/**
 * Creates a softmax layer: exp x over its sum along one axis or several.
 *
 * `options` {@link SoftmaxOptions}: `axis` −1, the last. Input and output have the shape (n, …).
 * The layer's `apply` throws a RangeError (`ERR_INVALID_VALUE`) if the input has no such axis, or
 * if it is the batch axis. tfjs's layer uses axis 1 by default, and fails if that is not the last
 * one.
 *
 * Source: Keras 3, `Softmax`.
 */
export function softmax(options: SoftmaxOptions = {}): tf.layers.Layer {
  return new KerasSoftmax({ ...options, axis: options.axis ?? -1 });
}

/**
 * Creates an exponential linear unit layer: x above 0, `alpha` · (exp x − 1) below.
 *
 * `options` {@link EluOptions}: `alpha` 1. Input and output have the shape (n, …). Throws a
 * RangeError (`ERR_INVALID_VALUE`) if `alpha` is below 0. tfjs's layer accepts only an `alpha` of
 * 1.
 *
 * Source: Keras 3, `ELU`; Clevert et al. 2016.
 */
export function elu(options: EluOptions = {}): tf.layers.Layer {
  return new KerasELU(options);
}
