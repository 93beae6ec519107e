/**
 * GoogLeNet, and a small network of the same modules for small images.
 */
import { tf } from "../../engine/tensorflow";
import { inceptionModule, type InceptionWidths } from "./inception-module";
import { checkOptions, type NetworkOptions } from "./network-options";
import { through, type Values } from "./through";

/** Widths of GoogLeNet's modules, from table 1 of the paper; a pooling follows 3b and 4e. */
const modules: readonly (readonly [name: string, widths: InceptionWidths])[] = [
  ["3a", [64, 96, 128, 16, 32, 32]],
  ["3b", [128, 128, 192, 32, 96, 64]],
  ["4a", [192, 96, 208, 16, 48, 64]],
  ["4b", [160, 112, 224, 24, 64, 64]],
  ["4c", [128, 128, 256, 24, 64, 64]],
  ["4d", [112, 144, 288, 32, 64, 64]],
  ["4e", [256, 160, 320, 32, 128, 128]],
  ["5a", [256, 160, 320, 32, 128, 128]],
  ["5b", [384, 192, 384, 48, 128, 128]],
];

/** The first four modules, with which the small network ends. */
const smallModules = modules.slice(0, 4);

/**
 * Builds GoogLeNet (C. Szegedy and others, *Going deeper with convolutions*, 2014) without its two
 * outputs in the middle and without normalization between neighboring maps. By default it has
 * 6,998,552 parameters.
 *
 * @param options Input (n, 224, 224, 3) and 1,000 classes by default.
 * @returns A model that is not compiled. Output (n, classes).
 * @throws RangeError See {@link NetworkOptions}.
 */
export function googLeNet(options: NetworkOptions = {}): tf.LayersModel {
  const network = checkOptions(options, {
    inputShape: [224, 224, 3],
    classes: 1000,
  });
  const { kernelInitializer, scaled } = network;
  const convolution = (
    name: string,
    filters: number,
    kernelSize: number,
    strides = 1,
  ) =>
    tf.layers.conv2d({
      name,
      filters: scaled(filters),
      kernelSize,
      strides,
      padding: "same",
      activation: "relu",
      kernelInitializer,
    });
  const inputs = tf.input({ shape: network.inputShape });
  let values = through(
    inputs,
    convolution("conv1", 64, 7, 2),
    pooling("pool1"),
    convolution("conv2_reduce", 64, 1),
    convolution("conv2", 192, 3),
    pooling("pool2"),
  );
  for (const [name, widths] of modules) {
    values = inceptionModule(values, widths, { ...network, name });
    if (name === "3b") values = through(values, pooling("pool3"));
    if (name === "4e") values = through(values, pooling("pool4"));
  }
  return tf.model({
    inputs,
    outputs: through(values, ...head(network)),
    name: "goog_le_net",
  });
}

/**
 * Builds a small network of GoogLeNet's first modules for small images: a convolution of 3 × 3, the
 * modules 3a and 3b, a pooling, 4a and 4b, then the mean of each map and the output.
 *
 *     const model = smallInception({ scale: 0.4 }); // 219,612 parameters
 *
 * @param options Input (n, 32, 32, 3) and 10 classes by default.
 * @returns A model that is not compiled. Output (n, classes).
 * @throws RangeError See {@link NetworkOptions}.
 */
export function smallInception(options: NetworkOptions = {}): tf.LayersModel {
  const network = checkOptions(options, {
    inputShape: [32, 32, 3],
    classes: 10,
  });
  const { kernelInitializer, scaled } = network;
  const inputs = tf.input({ shape: network.inputShape });
  let values: Values = through(
    inputs,
    tf.layers.conv2d({
      name: "conv1",
      filters: scaled(64),
      kernelSize: 3,
      padding: "same",
      activation: "relu",
      kernelInitializer,
    }),
    pooling("pool1"),
  );
  for (const [name, widths] of smallModules) {
    values = inceptionModule(values, widths, { ...network, name });
    if (name === "3b") values = through(values, pooling("pool2"));
  }
  return tf.model({
    inputs,
    outputs: through(values, ...head(network)),
    name: "small_inception",
  });
}

function pooling(name: string): tf.layers.Layer {
  return tf.layers.maxPooling2d({
    name,
    poolSize: 3,
    strides: 2,
    padding: "same",
  });
}

function head(network: ReturnType<typeof checkOptions>): tf.layers.Layer[] {
  return [
    tf.layers.globalAveragePooling2d({ name: "mean" }),
    tf.layers.dropout({ name: "dropout", rate: 0.4 }),
    network.classifier("output"),
  ];
}
