/**
 * AlexNet, which won the ImageNet challenge of 2012.
 */
import { tf } from "../../engine/tensorflow";
import { convolution } from "./convolution";
import { checkOptions, type NetworkOptions } from "./network-options";

/**
 * Builds AlexNet (A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep
 * convolutional neural networks*, 2012) as one tower: every convolution sees all maps, and there is
 * no normalization between neighboring maps. By default it has 62,378,344 parameters.
 *
 * @param options Input (n, 227, 227, 3) and 1,000 classes by default.
 * @returns A model that is not compiled. Output (n, classes).
 * @throws RangeError `ERR_SHAPE` if images are smaller than 67 × 67, for which the last pooling has
 *   no output; see {@link NetworkOptions}.
 */
export function alexNet(options: NetworkOptions = {}): tf.LayersModel {
  const network = checkOptions(options, {
    inputShape: [227, 227, 3],
    classes: 1000,
  });
  network.requireSize(67);
  const { kernelInitializer, scaled } = network;
  const pooling = (name: string) =>
    tf.layers.maxPooling2d({ name, poolSize: 3, strides: 2 });
  const hidden = (name: string) =>
    tf.layers.dense({
      name,
      units: scaled(4096),
      activation: "relu",
      kernelInitializer,
    });
  const model = tf.sequential({ name: "alex_net" });
  const layers = [
    tf.layers.inputLayer({ inputShape: network.inputShape }),
    convolution(network, "C1", 96, 11, { strides: 4, padding: "valid" }),
    pooling("S2"),
    convolution(network, "C3", 256, 5),
    pooling("S4"),
    convolution(network, "C5", 384, 3),
    convolution(network, "C6", 384, 3),
    convolution(network, "C7", 256, 3),
    pooling("S8"),
    tf.layers.flatten({ name: "flatten" }),
    hidden("F9"),
    tf.layers.dropout({ name: "dropout_1", rate: 0.5 }),
    hidden("F10"),
    tf.layers.dropout({ name: "dropout_2", rate: 0.5 }),
    network.classifier("output"),
  ];
  for (const layer of layers) model.add(layer);
  return model;
}
