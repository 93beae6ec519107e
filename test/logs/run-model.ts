/**
 * A small model and data for the tests of callbacks.
 */
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";

/** Returns a convolution and a dense layer, compiled with Adam. */
export function smallNetwork(): tf.Sequential {
  const model = tf.sequential({
    name: "network",
    layers: [
      keras.conv2d({
        name: "maps",
        filters: 4,
        kernelSize: 3,
        activation: "relu",
        inputShape: [6, 6, 1],
      }),
      tf.layers.flatten({ name: "flat" }),
      keras.dense({ name: "classes", units: 3, activation: "softmax" }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.01),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** Returns images (20, 6, 6, 1) and one-hot labels (20, 3). */
export function smallData(): [x: tf.Tensor, y: tf.Tensor] {
  const labels = Array.from({ length: 20 }, (_, row) => row % 3);
  return [
    tf.randomUniform([20, 6, 6, 1], 0, 1, "float32", 5),
    tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat(),
  ];
}
