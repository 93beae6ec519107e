/**
 * LeNet-5, the network that read digits on checks.
 */
import { tf } from "../../engine/tensorflow";
import { checkOptions, type NetworkOptions } from "./network-options";

/**
 * Builds LeNet-5 (Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied
 * to document recognition*, 1998) as it is built today: pooling has no parameters, every map of C3
 * sees all maps of S2, and the output is a softmax. By default it has 61,706 parameters.
 *
 *     const model = leNet5({ inputShape: [32, 32, 3], scale: 1.8 });
 *
 * C5 is a convolution of 5 × 5, which fits at one position of an image of 32 × 32. Images smaller
 * than that have to be padded first.
 *
 * @param options Input (n, 32, 32, 1) and 10 classes by default; `activation` is that of the hidden
 *   layers, "tanh" by default as in the paper.
 * @returns A model that is not compiled. Output (n, classes).
 * @throws RangeError `ERR_SHAPE` if images are smaller than 32 × 32; see {@link NetworkOptions}.
 */
export function leNet5(
  options: NetworkOptions & { readonly activation?: "tanh" | "relu" } = {},
): tf.LayersModel {
  const { activation = "tanh" } = options;
  const network = checkOptions(options, {
    inputShape: [32, 32, 1],
    classes: 10,
  });
  network.requireSize(32);
  const { kernelInitializer, scaled } = network;
  const convolution = (name: string, filters: number) =>
    tf.layers.conv2d({
      name,
      filters: scaled(filters),
      kernelSize: 5,
      activation,
      kernelInitializer,
    });
  const mean = (name: string) =>
    tf.layers.averagePooling2d({ name, poolSize: 2 });
  const model = tf.sequential({ name: "le_net_5" });
  model.add(tf.layers.inputLayer({ inputShape: network.inputShape }));
  model.add(convolution("C1", 6));
  model.add(mean("S2"));
  model.add(convolution("C3", 16));
  model.add(mean("S4"));
  model.add(convolution("C5", 120));
  model.add(tf.layers.flatten({ name: "flatten" }));
  model.add(
    tf.layers.dense({
      name: "F6",
      units: scaled(84),
      activation,
      kernelInitializer,
    }),
  );
  model.add(network.classifier("output"));
  return model;
}
