/**
 * Batch normalization of any axis, with an optional scale and center, and with Keras's behavior
 * when frozen.
 */
import { tf } from "../../engine/tensorflow";
import { registeredClass, registerPart } from "../registered-class";
import { onlyTensor } from "./options";

type Options = NonNullable<Parameters<typeof tf.layers.batchNormalization>[0]>;

/** A weight of the layer, or a constant in place of a weight that the layer lacks. */
interface Weight {
  read(): tf.Tensor;
  readonly trainable?: boolean;
}

interface BatchNormalization extends tf.layers.Layer {
  axis: number;
  readonly scale: boolean;
  readonly center: boolean;
  gamma: Weight;
  beta: Weight;
}

class KerasBatchNormalization extends registeredClass<
  new (options: Options) => BatchNormalization
>("BatchNormalization") {
  static readonly className = "KerasBatchNormalization";

  override build(inputShape: tf.Shape): void {
    super.build(inputShape);
    const size = inputShape.at(this.axis)!;
    // tfjs reads both in training even if the layer lacks them. These constants are not weights:
    // they are neither trained nor saved.
    if (!this.scale) this.gamma = { read: () => tf.ones([size]) };
    if (!this.center) this.beta = { read: () => tf.zeros([size]) };
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: { readonly training?: boolean } = {},
  ): tf.Tensor | tf.Tensor[] {
    const training = kwargs.training === true && !this.isFrozen();
    const input = onlyTensor(inputs);
    const axis = this.axis < 0 ? this.axis + input.rank : this.axis;
    const isLast = axis === input.rank - 1;
    if (isLast && input.rank <= 4) {
      return super.call(inputs, { ...kwargs, training });
    }
    // tfjs throws when it trains along another axis, or with more axes: as rows, it does neither.
    return tf.tidy(() => {
      const order = input.shape.map((_, index) => index);
      [order[axis], order[input.rank - 1]] = [input.rank - 1, axis];
      const swap = (x: tf.Tensor) => (isLast ? x : tf.transpose(x, order));
      const swapped = swap(input);
      const rows = tf.reshape(swapped, [-1, input.shape[axis]!]);
      const given = this.axis;
      this.axis = -1;
      try {
        const normalized = onlyTensor(
          super.call(rows, { ...kwargs, training }),
        );
        return swap(tf.reshape(normalized, swapped.shape));
      } finally {
        this.axis = given;
      }
    });
  }

  /** Freezing an enclosing model marks the weights of the layer, not the layer. */
  private isFrozen(): boolean {
    const { gamma, beta } = this;
    return (
      !this.trainable || [gamma, beta].some((each) => each.trainable === false)
    );
  }
}

registerPart(KerasBatchNormalization);

/**
 * Creates a batch normalization layer, optionally without scale (gamma) or center (beta). With
 * `trainable` false it also uses its moving averages in training.
 *
 * Takes the options of `tf.layers.batchNormalization`, whose defaults are Keras's. Input and output
 * have the shape (n, …). Throws what tfjs throws.
 *
 * With `scale` or `center` false, along another axis than the last, or with more than four axes,
 * tfjs's layer throws when it trains. When frozen, tfjs's layer
 * still normalizes by each batch's mean and variance and updates the averages, so a pre-trained
 * network changes although none of its weights is trained.
 *
 * Source: Keras 3, `BatchNormalization`; Ioffe and Szegedy 2015.
 */
export function batchNormalization(options: Options = {}): tf.layers.Layer {
  return new KerasBatchNormalization(options);
}
