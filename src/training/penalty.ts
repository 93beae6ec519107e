/**
 * The penalty of a model's regularizers.
 */
import { tf } from "../engine/tensorflow";

/**
 * Returns the sum of a model's regularization losses in nats, such as λ Σ w² for each kernel with
 * an L2 penalty of λ.
 *
 * It depends on the weights only, not on data. As in Keras, a layer that is used several times
 * counts once, layers within models and wrappers are included, and frozen weights are not. Returns
 * 0 for a model without regularizers.
 */
export function penalty(model: tf.LayersModel): number {
  return tf.tidy(() => {
    const losses = model.calculateLosses();
    if (losses.length === 0) return 0;
    return tf.addN(losses.map((loss) => loss.sum())).dataSync()[0]!;
  });
}
