/**
 * Feature maps: the output of one layer for one image.
 */
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";

/**
 * Computes the output of one layer of a model for one image.
 *
 * `image` (height, width, channels) or (1, height, width, channels), preprocessed as for training.
 * `layer` is one of `model.layers` with an output (n, rows, columns, filters), such as a
 * convolution or a pooling layer. Returns a tensor (rows, columns, filters), computed in inference
 * mode, which the caller disposes of.
 *
 * Throws a RangeError if the layer does not belong to the model (`ERR_INVALID_VALUE`), or if it has
 * an output of another shape or there is more than one image (`ERR_SHAPE`).
 */
export function featureMaps(
  model: tf.LayersModel,
  layer: tf.layers.Layer,
  image: tf.Tensor,
): tf.Tensor3D {
  if (!model.layers.includes(layer)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected a layer of the model (${model.layers.map(({ name }) => name).join(", ")}), received ${layer?.name}`,
      ),
    );
  }
  const { output } = layer;
  if (Array.isArray(output) || output.shape.length !== 4) {
    const shape = Array.isArray(output)
      ? "several outputs"
      : `(${output.shape.map((length) => length ?? "None").join(", ")})`;
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected a layer with output (None, rows, columns, filters), received ${layer.name} with ${shape}`,
      ),
    );
  }
  const { shape } = image;
  if (shape.length !== 3 && !(shape.length === 4 && shape[0] === 1)) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected one image of shape (height, width, channels), received (${shape.join(", ")})`,
      ),
    );
  }
  return tf.tidy(() => {
    const part = tf.model({ inputs: model.inputs, outputs: output });
    const batch = shape.length === 3 ? image.expandDims(0) : image;
    return (part.predict(batch) as tf.Tensor4D).squeeze<tf.Tensor3D>([0]);
  });
}
