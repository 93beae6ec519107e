/**
 * ResNet-34 and ResNet-50, their squeeze-and-excitation forms, and a small ResNet for small images.
 */
import { checkCount } from "../../check";
import { tf } from "../../engine/tensorflow";
import { checkOptions, type NetworkOptions } from "./network-options";
import {
  bottleneckUnit,
  normalizedConvolution,
  residualUnit,
  type ResidualUnitOptions,
} from "./residual-unit";
import { through, type Values } from "./through";

/** Options of a network with residual units. */
export interface ResNetOptions extends NetworkOptions {
  /**
   * Whether a squeeze-and-excitation block precedes each addition (J. Hu, L. Shen and G. Sun,
   * *Squeeze-and-excitation networks*, 2017). `false` by default.
   */
  readonly squeezeExcitation?: boolean;
  /**
   * Whether convolutions have biases. `false` by default, since batch normalization has its own;
   * Keras's ResNet50 has them.
   */
  readonly useBias?: boolean;
}

/** As in Keras's ResNet50. */
const epsilon = 1.001e-5;

/**
 * Builds ResNet-34 (K. He, X. Zhang, S. Ren and J. Sun, *Deep residual learning for image
 * recognition*, 2015): units of two convolutions in four stages of 3, 4, 6 and 3. By default it has
 * 21,797,672 trainable parameters.
 *
 * @param options Input (n, 224, 224, 3) and 1,000 classes by default.
 * @returns A model that is not compiled. Output (n, classes).
 * @throws RangeError See {@link NetworkOptions}.
 */
export function resNet34(options: ResNetOptions = {}): tf.LayersModel {
  return imageNetResNet("res_net_34", residualUnit, options);
}

/**
 * Builds ResNet-50: units with bottlenecks in four stages of 3, 4, 6 and 3. By default it has
 * 25,557,032 trainable parameters; with `useBias` it has the layers, names and 25,636,712
 * parameters of `keras.applications.ResNet50`.
 *
 * @param options Input (n, 224, 224, 3) and 1,000 classes by default.
 * @returns A model that is not compiled. Output (n, classes).
 * @throws RangeError See {@link NetworkOptions}.
 */
export function resNet50(options: ResNetOptions = {}): tf.LayersModel {
  return imageNetResNet("res_net_50", bottleneckUnit, options);
}

/**
 * Builds the small ResNet that the paper trains on CIFAR-10 (section 4.2): a 3 × 3 convolution and
 * three stages of 16, 32 and 64 maps, with projections where a stage halves height and width.
 *
 *     const model = smallResNet({ units: 3 }); // ResNet-20
 *
 * @param options Input (n, 32, 32, 3) and 10 classes by default; `units` is the number of units of
 *   each stage, 3 by default, for a depth of 6 · units + 2.
 * @returns A model that is not compiled. Output (n, classes).
 * @throws RangeError `ERR_INVALID_VALUE` if `units` is not a positive integer; see
 *   {@link NetworkOptions}.
 */
export function smallResNet(
  options: ResNetOptions & { readonly units?: number } = {},
): tf.LayersModel {
  const { units = 3 } = options;
  checkCount("units", units);
  const network = checkResNetOptions(options, {
    inputShape: [32, 32, 3],
    classes: 10,
  });
  const { scaled } = network;
  const inputs = tf.input({ shape: network.inputShape });
  const first = through(
    inputs,
    ...normalizedConvolution({
      ...unitOptions(network),
      name: "conv1",
      filters: scaled(16),
      kernelSize: 3,
    }),
    tf.layers.activation({ name: "conv1_relu", activation: "relu" }),
  );
  const stages = [16, 32, 64].map((maps) => ({ maps: scaled(maps), units }));
  const last = applyStages(first, residualUnit, stages, network);
  return tf.model({
    inputs,
    outputs: through(last, ...head(network)),
    name: "small_res_net",
  });
}

type Unit = (values: Values, options: ResidualUnitOptions) => Values;

function imageNetResNet(
  name: string,
  unit: Unit,
  options: ResNetOptions,
): tf.LayersModel {
  const network = checkResNetOptions(options, {
    inputShape: [224, 224, 3],
    classes: 1000,
  });
  const { scaled } = network;
  const inputs = tf.input({ shape: network.inputShape });
  // Explicit padding, because "same" would pad at the right and at the bottom only.
  const first = through(
    inputs,
    tf.layers.zeroPadding2d({ name: "conv1_pad", padding: 3 }),
    ...normalizedConvolution({
      ...unitOptions(network),
      name: "conv1",
      filters: scaled(64),
      kernelSize: 7,
      strides: 2,
      padding: "valid",
    }),
    tf.layers.activation({ name: "conv1_relu", activation: "relu" }),
    tf.layers.zeroPadding2d({ name: "pool1_pad", padding: 1 }),
    tf.layers.maxPooling2d({ name: "pool1_pool", poolSize: 3, strides: 2 }),
  );
  const stages = [3, 4, 6, 3].map((units, stage) => ({
    maps: scaled(64 * 2 ** stage),
    units,
  }));
  const last = applyStages(first, unit, stages, network);
  return tf.model({ inputs, outputs: through(last, ...head(network)), name });
}

function applyStages(
  values: Values,
  unit: Unit,
  stages: readonly { readonly maps: number; readonly units: number }[],
  network: ReturnType<typeof checkResNetOptions>,
): Values {
  let result = values;
  for (const [stage, { maps, units }] of stages.entries()) {
    for (let block = 0; block < units; block++) {
      result = unit(result, {
        ...unitOptions(network),
        name: `conv${stage + 2}_block${block + 1}`,
        maps,
        strides: stage > 0 && block === 0 ? 2 : 1,
      });
    }
  }
  return result;
}

function unitOptions(network: ReturnType<typeof checkResNetOptions>) {
  const { kernelInitializer, squeezeExcitation, useBias } = network;
  return { epsilon, kernelInitializer, squeezeExcitation, useBias };
}

function checkResNetOptions(
  options: ResNetOptions,
  defaults: Required<Pick<NetworkOptions, "inputShape" | "classes">>,
) {
  const { squeezeExcitation = false, useBias = false } = options;
  return {
    ...checkOptions(options, { ...defaults, kernelInitializer: "heNormal" }),
    squeezeExcitation,
    useBias,
  };
}

function head(
  network: ReturnType<typeof checkResNetOptions>,
): tf.layers.Layer[] {
  return [
    tf.layers.globalAveragePooling2d({ name: "avg_pool" }),
    network.classifier("predictions"),
  ];
}
