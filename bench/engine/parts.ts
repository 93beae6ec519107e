/**
 * A custom loss and layer, each with an equivalent in TensorFlow.js.
 */
import { tf } from "convnotes";

/** A custom dense layer with ReLU, equivalent to `tf.layers.dense` with `activation: "relu"`. */
export class OwnDense extends tf.layers.Layer {
  static readonly className = "OwnDense";
  readonly units: number;
  ownKernel: tf.LayerVariable | undefined;
  ownBias: tf.LayerVariable | undefined;

  constructor(config: {
    readonly units: number;
    readonly inputShape?: number[];
  }) {
    super(config);
    this.units = config.units;
  }

  override build(inputShape: tf.Shape): void {
    const features = inputShape[inputShape.length - 1] as number;
    this.ownKernel = this.addWeight(
      "kernel",
      [features, this.units],
      "float32",
      tf.initializers.glorotUniform({}),
    );
    this.ownBias = this.addWeight(
      "bias",
      [this.units],
      "float32",
      tf.initializers.zeros(),
    );
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [x] = [inputs].flat() as [tf.Tensor];
      const product = tf.matMul(x, this.ownKernel!.read());
      return tf.relu(tf.add(product, this.ownBias!.read()));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}
tf.serialization.registerClass(OwnDense);

/** A loss, as a function of labels and predictions. */
export type Loss = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/**
 * Returns the mean squared error times a factor. With a factor of 1 it is equivalent to
 * "meanSquaredError".
 */
export function ownSquaredError(factor: number): Loss {
  return (labels, predictions) =>
    tf.mul(factor, tf.mean(tf.square(tf.sub(predictions, labels)), -1));
}

/**
 * Returns the cross-entropy of probabilities for one-hot labels, equivalent to
 * "categoricalCrossentropy". Probabilities are clipped to [least, 1 - least].
 */
export function ownCrossEntropy(least: number): Loss {
  return (labels, predictions) => {
    const logarithms = tf.log(tf.clipByValue(predictions, least, 1 - least));
    return tf.neg(tf.sum(tf.mul(labels, logarithms), -1));
  };
}
