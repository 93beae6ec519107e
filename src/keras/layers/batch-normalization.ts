/**
 * Batch normalization that can leave out its scale or its centre, and that is frozen by `trainable`.
 */
import { tf } from "../../engine/tensorflow";
import { registeredClass, registerPart } from "../registered-class";

type Options = NonNullable<Parameters<typeof tf.layers.batchNormalization>[0]>;

/** A weight, or what stands for one that a layer does without. */
interface Weight {
  read(): tf.Tensor;
  readonly trainable?: boolean;
}

interface BatchNormalization extends tf.layers.Layer {
  readonly axis: number;
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
    // Read in training whether the layer has them or not. They are no weights: nothing trains or saves them.
    if (!this.scale) this.gamma = { read: () => tf.ones([size]) };
    if (!this.center) this.beta = { read: () => tf.zeros([size]) };
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: { readonly training?: boolean } = {},
  ): tf.Tensor | tf.Tensor[] {
    const training = kwargs.training === true && !this.isFrozen();
    return super.call(inputs, { ...kwargs, training });
  }

  /** A model around the layer that is frozen marks the weights, not the layer. */
  private isFrozen(): boolean {
    const { gamma, beta } = this;
    return (
      !this.trainable || [gamma, beta].some((each) => each.trainable === false)
    );
  }
}

registerPart(KerasBatchNormalization);

/**
 * Batch normalization, also without scale (gamma) or centre (beta); with `trainable` false it takes its moving averages in training too.
 *
 * Takes the options of `tf.layers.batchNormalization`, whose defaults are Keras's. Input and output (n, …). Throws what tfjs throws. Source: Keras 3,
 * `BatchNormalization`; Ioffe and Szegedy 2015. With `scale` or `center` false tfjs's layer throws as soon as it trains. Frozen, it still normalises by
 * each batch's mean and variance and updates the averages, so that a pre-trained network changes although none of its weights is trained.
 */
export function batchNormalization(options: Options = {}): tf.layers.Layer {
  return new KerasBatchNormalization(options);
}
