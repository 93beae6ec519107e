/**
 * What a layer makes of a picture.
 */
import { tf } from "../engine/tensorflow";

/**
 * The output of one layer of a model for one picture, before any later layer.
 *
 * `picture` (height, width, channels) or (1, height, width, channels), in the form the model was trained on; `layer` one of
 * `model.layers` whose output is (n, rows, columns, filters), as of a convolution or a pooling. Output: (rows, columns, filters),
 * computed in test mode. The caller disposes of it.
 * Throws a RangeError if the layer is not one of the model's, or has an output of another kind, or if there is more than one picture.
 */
export function featureMaps(
  model: tf.LayersModel,
  layer: tf.layers.Layer,
  picture: tf.Tensor,
): tf.Tensor3D {
  if (!model.layers.includes(layer)) {
    throw new RangeError(
      `Expected a layer of the model (${model.layers.map(({ name }) => name).join(", ")}), received ${layer?.name}`,
    );
  }
  const { output } = layer;
  if (Array.isArray(output) || output.shape.length !== 4) {
    const shape = Array.isArray(output)
      ? "several outputs"
      : `(${output.shape.map((length) => length ?? "None").join(", ")})`;
    throw new RangeError(
      `Expected a layer with output (None, rows, columns, filters), received ${layer.name} with ${shape}`,
    );
  }
  const { shape } = picture;
  if (shape.length !== 3 && !(shape.length === 4 && shape[0] === 1)) {
    throw new RangeError(
      `Expected one picture of shape (height, width, channels), received (${shape.join(", ")})`,
    );
  }
  return tf.tidy(() => {
    const part = tf.model({ inputs: model.inputs, outputs: output });
    const batch = shape.length === 3 ? picture.expandDims(0) : picture;
    return (part.predict(batch) as tf.Tensor4D).squeeze<tf.Tensor3D>([0]);
  });
}
