/**
 * Draws TensorFlow.js's layers with random settings, by the rank of their input.
 */
import type { Random } from "../../../src/data/synthetic/random";
import type { LayerPlan, Setting } from "./plan";

type Draws = (random: Random, shape: readonly number[]) => LayerPlan;
type Settings = Readonly<Record<string, Setting>>;

const activations = [
  "relu",
  "tanh",
  "sigmoid",
  "elu",
  "selu",
  "softplus",
  "softsign",
  "hardSigmoid",
  "linear",
  "relu6",
  "swish",
] as const;

const layer = (
  kind: string,
  settings: Settings | ((random: Random) => Settings) = {},
): Draws => {
  return (random) => ({
    kind,
    settings: typeof settings === "function" ? settings(random) : settings,
  });
};

/** A setting that is present occasionally. */
const sometimes = (
  random: Random,
  chance: number,
  settings: Settings,
): Settings => (random.chance(chance) ? settings : {});

const activation = (random: Random): Settings => ({
  activation: random.pick(activations),
});

const kernelParts = (random: Random, name = "kernel"): Settings => ({
  ...sometimes(random, 0.15, {
    [`${name}Regularizer`]: random.pick(["l1l2", "l1", "l2"]),
  }),
  ...sometimes(random, 0.15, {
    [`${name}Constraint`]: random.pick(["maxNorm", "nonNeg", "unitNorm"]),
  }),
  ...sometimes(random, 0.2, { useBias: false }),
});

const units = (random: Random): Settings => ({ units: 1 + random.integer(4) });

const dense = layer("dense", (random) => ({
  ...units(random),
  ...sometimes(random, 0.7, activation(random)),
  ...kernelParts(random),
  ...sometimes(random, 0.1, { biasRegularizer: "l2" }),
}));

const filters = (random: Random, name = "kernel"): Settings => ({
  filters: 1 + random.integer(3),
  kernelSize: 1 + random.integer(3),
  padding: random.pick(["valid", "same"]),
  strides: random.pick([1, 1, 2]),
  ...sometimes(random, 0.5, activation(random)),
  ...kernelParts(random, name),
});

const pooling = (random: Random): Settings => ({
  poolSize: 2,
  strides: random.pick([1, 2]),
  padding: random.pick(["valid", "same"]),
});

const recurrent = (random: Random): Settings => ({
  ...units(random),
  returnSequences: random.chance(0.4),
  ...sometimes(random, 0.2, { goBackwards: true }),
  ...sometimes(random, 0.2, { activation: random.pick(["relu", "tanh"]) }),
  ...sometimes(random, 0.1, { kernelRegularizer: "l2" }),
});

const recurrentKinds = ["lstm", "gru", "simpleRNN"] as const;

/** Layers for every rank. */
const anywhere: readonly Draws[] = [
  layer("activation", activation),
  layer("leakyReLU", (random) => ({ alpha: random.pick([0.1, 0.5]) })),
  layer("elu"),
  layer("prelu"),
  layer("reLU", (random) => sometimes(random, 0.5, { maxValue: 6 })),
  layer("batchNormalization", (random) => ({
    momentum: random.pick([0.5, 0.9]),
  })),
  layer("layerNormalization"),
  dense,
];

const timeDistributed: Draws = (random, shape) => ({
  kind: "timeDistributed",
  settings: {},
  within: shape.length === 2 ? dense(random, shape) : conv2d(random, shape),
});

const conv2d = layer("conv2d", filters);

/** TensorFlow.js's layers, by the number of dimensions of a sample. */
export const stockLayers: Readonly<Record<number, readonly Draws[]>> = {
  1: [
    ...anywhere,
    dense,
    dense,
    dense,
    layer("softmax"),
    layer("repeatVector", (random) => ({ n: 2 + random.integer(2) })),
    (_, shape) => ({
      kind: "reshape",
      settings: { targetShape: [shape[0]!, 1] },
    }),
    layer("rescaling", { scale: 0.5, offset: 0.1 }),
  ],
  2: [
    ...anywhere,
    layer("conv1d", filters),
    layer("maxPooling1d", pooling),
    layer("averagePooling1d", pooling),
    layer("globalAveragePooling1d"),
    layer("globalMaxPooling1d"),
    layer("permute", { dims: [2, 1] }),
    layer("flatten"),
    timeDistributed,
    ...recurrentKinds.map((kind) => layer(kind, recurrent)),
    (random) => ({
      kind: "bidirectional",
      settings: {
        mergeMode: random.pick(["concat", "sum", "ave", "mul"]),
      },
      within: {
        kind: random.pick(recurrentKinds),
        settings: recurrent(random),
      },
    }),
  ],
  3: [
    ...anywhere,
    conv2d,
    conv2d,
    layer("depthwiseConv2d", (random) => ({
      kernelSize: 1 + random.integer(3),
      depthMultiplier: random.pick([1, 2]),
      padding: random.pick(["valid", "same"]),
      ...activation(random),
    })),
    layer("separableConv2d", (random) => filters(random, "depthwise")),
    // No strides with a smaller kernel, which leave gaps that TensorFlow's kernel does not support.
    layer("conv2dTranspose", (random) => ({ ...filters(random), strides: 1 })),
    layer("maxPooling2d", pooling),
    layer("averagePooling2d", pooling),
    layer("globalAveragePooling2d"),
    layer("globalMaxPooling2d"),
    layer("upSampling2d", { size: [2, 2] }),
    layer("zeroPadding2d", (random) => ({ padding: 1 + random.integer(2) })),
    layer("cropping2D", { cropping: 1 }),
    (random, [height, width, channels]) => ({
      kind: "reshape",
      settings: {
        targetShape: random.pick([
          [width!, height!, channels!],
          [height!, channels!, width!],
        ]),
      },
    }),
    layer("flatten"),
  ],
  4: [
    ...anywhere.slice(0, 3),
    layer("conv3d", filters),
    layer("conv3d", filters),
    layer("maxPooling3d", pooling),
    layer("averagePooling3d", pooling),
    layer("flatten"),
    timeDistributed,
    layer("convLstm2d", (random) => ({
      filters: 1 + random.integer(2),
      kernelSize: 1 + random.integer(2),
      returnSequences: random.chance(0.3),
    })),
  ],
};

/** A mask, which only inputs can have: TensorFlow.js has no gradient for it. */
export const masking = layer("masking", { maskValue: 0 });

/** Layers that draw random values in training. */
export const randomLayers: readonly Draws[] = [
  layer("dropout", (random) => ({ rate: random.pick([0.2, 0.5]) })),
  layer("gaussianNoise", { stddev: 0.3 }),
  layer("gaussianDropout", { rate: 0.3 }),
  layer("alphaDropout", { rate: 0.3 }),
];
