/**
 * GoogLeNet, and a small network of the same modules for small images.
 */
import { tf } from "../../engine/tensorflow";
import { convolution } from "./convolution";
import { inceptionModule, type InceptionWidths } from "./inception-module";
import {
  checkOptions,
  type CheckedOptions,
  type NetworkOptions,
} from "./network-options";
import { through } from "./through";

/** Widths of GoogLeNet's modules, from table 1 of the paper. */
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
  const stem = [
    convolution(network, "conv1", 64, 7, { strides: 2 }),
    pooling("pool1"),
    convolution(network, "conv2_reduce", 64, 1),
    convolution(network, "conv2", 192, 3),
    pooling("pool2"),
  ];
  const poolings = { "3b": "pool3", "4e": "pool4" };
  return inceptionNetwork("goog_le_net", network, { stem, modules, poolings });
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
  const stem = [convolution(network, "conv1", 64, 3), pooling("pool1")];
  return inceptionNetwork("small_inception", network, {
    stem,
    modules: modules.slice(0, 4),
    poolings: { "3b": "pool2" },
  });
}

/** Parts of a network of inception modules. */
interface Parts {
  readonly stem: readonly tf.layers.Layer[];
  readonly modules: readonly (readonly [string, InceptionWidths])[];
  /** Names of the poolings, by the module before them. */
  readonly poolings: Readonly<Record<string, string>>;
}

/** Puts stem and modules one after another, then the mean of each map, a dropout and the output. */
function inceptionNetwork(
  name: string,
  network: CheckedOptions,
  { stem, modules, poolings }: Parts,
): tf.LayersModel {
  const inputs = tf.input({ shape: network.inputShape });
  let values = through(inputs, ...stem);
  for (const [module, widths] of modules) {
    values = inceptionModule(values, widths, { ...network, name: module });
    const next = poolings[module];
    if (next !== undefined) values = through(values, pooling(next));
  }
  const outputs = through(
    values,
    tf.layers.globalAveragePooling2d({ name: "mean" }),
    tf.layers.dropout({ name: "dropout", rate: 0.4 }),
    network.classifier("output"),
  );
  return tf.model({ inputs, outputs, name });
}

function pooling(name: string): tf.layers.Layer {
  return tf.layers.maxPooling2d({
    name,
    poolSize: 3,
    strides: 2,
    padding: "same",
  });
}
