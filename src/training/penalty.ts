/**
 * What a model's regularisers add to its loss.
 */
import { tf } from "../engine/tensorflow";

type Layer = tf.layers.Layer;

/**
 * The sum of a model's regularisation losses, such as λ Σ w² for each kernel with an L2 penalty of λ, in nats.
 *
 * It depends on the weights only, not on any data. A layer that is used several times counts once, as in Keras; layers of
 * a model within the model count too. 0 for a model without regularisers.
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

/** The layers that hold weights of their own, each once. */
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
