/**
 * The penalty of a model's regularizers.
 */
import { tf } from "../engine/tensorflow";

type Layer = tf.layers.Layer;

/**
 * Returns the sum of a model's regularization losses in nats, such as λ Σ w² for each kernel with
 * an L2 penalty of λ.
 *
 * It depends on the weights only, not on data. A layer that is used several times counts once, as
 * in Keras, and layers of nested models are included. Returns 0 for a model without regularizers.
 */
export function penalty(model: tf.LayersModel): number {
  return tf.tidy(() => {
    const losses = [...distinctLayers(model)].flatMap((layer) =>
      layer.calculateLosses(),
    );
    if (losses.length === 0) return 0;
    return tf.addN(losses.map((loss) => loss.sum())).dataSync()[0]!;
  });
}

/** Returns the layers of a model and its nested models, each once. */
function distinctLayers(model: tf.LayersModel): Set<Layer> {
  return new Set(
    model.layers.flatMap((layer) => {
      const { layers } = layer as Partial<tf.LayersModel>;
      return layers === undefined
        ? [layer]
        : [...distinctLayers(layer as tf.LayersModel)];
    }),
  );
}
