/**
 * Batch normalization that can leave out its scale or its centre.
 */
import { tf } from "../../engine/tensorflow";
import { registeredClass, registerPart } from "../registered-class";

type Options = NonNullable<Parameters<typeof tf.layers.batchNormalization>[0]>;

/** What stands for a weight that a layer does without. */
interface Weight {
  read(): tf.Tensor;
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
}

registerPart(KerasBatchNormalization);

/**
 * Batch normalization, also without scale (gamma) or centre (beta).
 *
 * Takes the options of `tf.layers.batchNormalization`, whose defaults are Keras's. Input and output (n, …). Throws what tfjs throws. Source: Keras 3,
 * `BatchNormalization`; Ioffe and Szegedy 2015. With `scale` or `center` false tfjs's layer throws as soon as it trains.
 */
export function batchNormalization(options: Options = {}): tf.layers.Layer {
  const { scale = true, center = true } = options;
  return scale && center
    ? tf.layers.batchNormalization(options)
    : new KerasBatchNormalization(options);
}
