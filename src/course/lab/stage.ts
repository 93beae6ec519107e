/**
 * The layers of which the convolutional networks of the labs are made.
 */
import { tf } from "../../engine/tensorflow";

/** What to compare if a network is not made of these layers. */
export const adviceOnStage =
  "Compare with the text: which activation does each convolution have, and which kind of pooling follows?";

/** Creates a convolution of 3 × 3 with relu, without padding. */
export function convolution(filters: number): tf.layers.Layer {
  return tf.layers.conv2d({ filters, kernelSize: 3, activation: "relu" });
}

/** Creates such a convolution, and a max pooling of 2 × 2. */
export function stage(filters: number): tf.layers.Layer[] {
  return [convolution(filters), tf.layers.maxPooling2d({ poolSize: 2 })];
}
