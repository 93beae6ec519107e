/**
 * Predicted classes of a model.
 */
import { NdArray } from "../data/nd-array";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";

/**
 * Returns the likeliest class of each sample, like `predict_classes` of older Keras versions. Of
 * equal outputs the first is used.
 *
 * `images` (n, …), preprocessed as for training. The model's output is (n, classes), probabilities
 * or logits, with at most 256 classes. `batchSize` is 32 by default; it affects time and memory,
 * not the result. Returns an array of shape (n,), like the labels of a data set. Throws a
 * RangeError if the model has several outputs (`ERR_UNSUPPORTED`) or its output has another shape
 * (`ERR_SHAPE`).
 */
export function predictedClasses(
  model: tf.LayersModel,
  images: tf.Tensor,
  options: { readonly batchSize?: number } = {},
): NdArray {
  const { batchSize = 32 } = options;
  const likeliest = tf.tidy(() => {
    const outputs = model.predict(images, { batchSize });
    if (Array.isArray(outputs)) {
      throw coded(
        "ERR_UNSUPPORTED",
        new RangeError(
          `Expected a model with one output, received one with ${outputs.length}`,
        ),
      );
    }
    const [, classes = 0] = outputs.shape;
    if (outputs.shape.length !== 2 || classes > 256) {
      throw coded(
        "ERR_SHAPE",
        new RangeError(
          `Expected a model whose output has shape (n, at most 256 classes), received (${outputs.shape.join(", ")})`,
        ),
      );
    }
    return outputs.argMax(1);
  });
  const classes = Uint8Array.from(likeliest.dataSync());
  likeliest.dispose();
  return new NdArray(classes, [classes.length]);
}
