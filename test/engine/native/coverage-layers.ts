/**
 * Sequential models that each test one kind of layer.
 */
import { tf } from "../../../src/engine";
import { chain, convolution, type ModelCase } from "./coverage-case";

const { layers } = tf;

const activations = [
  "elu",
  "gelu",
  "gelu_new",
  "hardSigmoid",
  "linear",
  "mish",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "tanh",
] as const;

/** Elementwise layers. */
const functionLayers: readonly ModelCase[] = [
  ...activations.map((activation) =>
    chain(`activation ${activation}`, () => [convolution({ activation })]),
  ),
  chain("an activation layer", () => [
    convolution(),
    layers.activation({ activation: "tanh" }),
  ]),
  chain("a ReLU with a bound", () => [
    convolution(),
    layers.reLU({ maxValue: 0.5 }),
  ]),
  chain("a leaky ReLU", () => [
    convolution(),
    layers.leakyReLU({ alpha: 0.1 }),
  ]),
  chain("a parametric ReLU", () => [convolution(), layers.prelu()]),
  chain("an ELU layer", () => [convolution(), layers.elu()]),
  chain("a softmax layer", () => [
    layers.flatten(),
    layers.dense({ units: 5 }),
    layers.softmax(),
  ]),
];

const convolutions: readonly ModelCase[] = [
  chain("a convolution with strides", () => [
    convolution({ strides: 2, padding: "same" }),
  ]),
  chain("a convolution with a kernel that is not square", () => [
    convolution({ kernelSize: [2, 5], strides: [1, 2] }),
  ]),
  chain("a convolution of single pixels", () => [
    convolution({ kernelSize: 1, activation: "relu" }),
  ]),
  chain("a convolution without bias", () => [convolution({ useBias: false })]),
  chain("convolutions with many channels", () => [
    convolution({ filters: 20, padding: "same", activation: "relu" }),
    convolution({ filters: 17, activation: "relu" }),
  ]),
  chain("a convolution along one axis", () => [
    layers.reshape({ targetShape: [9, 24] }),
    layers.conv1d({ filters: 4, kernelSize: 3 }),
    layers.maxPooling1d({ poolSize: 2 }),
  ]),
  chain("a transposed convolution", () => [
    layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2 }),
  ]),
  chain("a transposed convolution with padding", () => [
    layers.conv2dTranspose({ filters: 4, kernelSize: 3, padding: "same" }),
  ]),
];

const { globalAveragePooling2d, globalMaxPooling2d } = layers;
const channelsLast = { dataFormat: "channelsLast" } as const;

const poolings: readonly ModelCase[] = [
  chain("max pooling", () => [
    convolution(),
    layers.maxPooling2d({ poolSize: 2 }),
  ]),
  chain("max pooling with strides and padding", () => [
    convolution(),
    layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
  ]),
  chain("mean pooling", () => [
    convolution(),
    layers.averagePooling2d({ poolSize: [2, 3], strides: 1 }),
  ]),
  chain("mean pooling with padding", () => [
    convolution(),
    layers.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }),
  ]),
  chain("global mean pooling", () => [
    convolution(),
    globalAveragePooling2d(channelsLast),
  ]),
  chain("global max pooling", () => [
    convolution(),
    globalMaxPooling2d(channelsLast),
  ]),
  chain("global pooling along one axis", () => [
    layers.reshape({ targetShape: [9, 24] }),
    layers.globalAveragePooling1d(),
  ]),
];

const rearranging: readonly ModelCase[] = [
  chain("padding", () => [
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 1],
      ],
    }),
    convolution(),
  ]),
  chain("cropping", () => [
    convolution(),
    layers.cropping2D({
      cropping: [
        [1, 1],
        [0, 1],
      ],
    }),
  ]),
  chain("reshape", () => [
    convolution({ filters: 4 }),
    layers.reshape({ targetShape: [7, 24] }),
    layers.dense({ units: 5 }),
  ]),
  chain("permute", () => [
    convolution(),
    layers.permute({ dims: [3, 1, 2] }),
    layers.dense({ units: 5 }),
  ]),
  chain("repeated vectors", () => [
    layers.flatten(),
    layers.dense({ units: 3 }),
    layers.repeatVector({ n: 3 }),
  ]),
];

const denseAndNormalization: readonly ModelCase[] = [
  chain("a dense layer on pixels", () => [
    layers.dense({ units: 5, activation: "relu" }),
  ]),
  chain("many units", () => [
    layers.flatten(),
    layers.dense({ units: 70, activation: "relu" }),
  ]),
  chain("batch normalization", () => [
    convolution(),
    layers.batchNormalization(),
    layers.activation({ activation: "relu" }),
  ]),
  chain("batch normalization of a convolution without bias", () => [
    convolution({ useBias: false, filters: 16, padding: "same" }),
    layers.batchNormalization({ epsilon: 0.01 }),
    layers.reLU(),
    convolution({ filters: 16, padding: "same" }),
    layers.batchNormalization(),
  ]),
  chain("batch normalization of activations", () => [
    convolution({ activation: "relu" }),
    layers.batchNormalization(),
  ]),
  chain(
    "a dense layer with many weights",
    () => [
      convolution({ filters: 64, padding: "same" }),
      layers.flatten(),
      layers.dense({ units: 64, activation: "relu" }),
    ],
    { samples: 100 },
  ),
  chain("batch normalization on dense layers", () => [
    layers.flatten(),
    layers.dense({ units: 7 }),
    layers.batchNormalization({ momentum: 0.9, epsilon: 0.01 }),
  ]),
  chain("dropout", () => [convolution(), layers.dropout({ rate: 0.3 })]),
  chain("a frozen layer", () => [
    convolution({ trainable: false }),
    convolution(),
  ]),
];

/** Models whose layers form a chain. */
export const layerCases: readonly ModelCase[] = [
  ...functionLayers,
  ...convolutions,
  ...poolings,
  ...rearranging,
  ...denseAndNormalization,
];
