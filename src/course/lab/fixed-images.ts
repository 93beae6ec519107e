/**
 * Images on which every student's model is judged alike.
 */
import { tf } from "../../engine/tensorflow";

/**
 * Returns images with the input shape of a model, with values from 0 to 1 that depend on nothing
 * else. Image n has one of ten brightnesses, so that classes can be learned from any of its parts.
 * The caller disposes of them.
 */
export function fixedImages(model: tf.LayersModel, count: number): tf.Tensor {
  const shape = inputShape(model).map((size) => size ?? 1);
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from({ length: count * size }, (_, index) => {
    const brightness = ((Math.floor(index / size) % 10) + 1) / 10;
    return (brightness * ((index * 37) % 101)) / 100;
  });
  return tf.tensor(values, [count, ...shape]);
}

/** Class numbers 0 to 9 in turn, of shape (count, 1). The caller disposes of them. */
export function fixedLabels(count: number): tf.Tensor2D {
  const labels = Array.from({ length: count }, (_, index) => index % 10);
  return tf.tensor2d(labels, [count, 1]);
}

/** Returns the shape of one input of a model. */
export function inputShape(model: tf.LayersModel): tf.Shape {
  return model.inputs[0]!.shape.slice(1);
}
