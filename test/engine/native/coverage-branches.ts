/**
 * Models whose layers branch and merge, including blocks of well-known networks.
 */
import { tf } from "../../../src/engine";
import {
  apply,
  branched,
  classVectors,
  compileWith,
  convolution,
  images,
  softmax,
  type ModelCase,
} from "./coverage-case";

const { layers } = tf;

const same = (filters: number, kernelSize = 3) =>
  convolution({ filters, kernelSize, padding: "same", activation: "relu" });

/** Merges a convolution of an image with the image. */
const beside = (merge: () => tf.layers.Layer) => (image: tf.SymbolicTensor) =>
  apply(merge(), [apply(same(3), image), image]);

const merged: readonly ModelCase[] = [
  branched(
    "add",
    beside(() => layers.add()),
  ),
  branched(
    "multiply",
    beside(() => layers.multiply()),
  ),
  branched(
    "average",
    beside(() => layers.average()),
  ),
  branched(
    "maximum",
    beside(() => layers.maximum()),
  ),
  branched(
    "minimum",
    beside(() => layers.minimum()),
  ),
  branched("dot", (image) => {
    const flat = apply(layers.flatten(), image);
    const vector = () => apply(layers.dense({ units: 3 }), flat);
    return apply(layers.dot({ axes: 1 }), [vector(), vector()]);
  }),
  ...[1, 2, 3].map((axis) =>
    branched(
      `concatenate along axis ${axis}`,
      beside(() => layers.concatenate({ axis })),
    ),
  ),
];

/** Applies convolution, batch normalization and ReLU. */
function normalized(value: tf.SymbolicTensor): tf.SymbolicTensor {
  const sums = apply(convolution({ padding: "same", useBias: false }), value);
  const normal = apply(layers.batchNormalization(), sums);
  return apply(layers.activation({ activation: "relu" }), normal);
}

/** The convolution's outputs are needed without normalization as well. */
const twiceUsed = branched(
  "a convolution beside its normalization",
  (image) => {
    const sums = apply(convolution(), image);
    const normal = apply(layers.batchNormalization(), sums);
    return apply(layers.add(), [sums, normal]);
  },
);

/** He et al. 2016. */
const residual = branched("a residual block", (image) => {
  const start = normalized(image);
  const around = apply(convolution({ padding: "same" }), normalized(start));
  const sum = apply(layers.add(), [start, around]);
  return apply(layers.activation({ activation: "relu" }), sum);
});

/** Szegedy et al. 2015. */
const inception = branched("an inception block", (image) => {
  const pool = { poolSize: 3, strides: 1, padding: "same" } as const;
  const pooled = apply(layers.maxPooling2d(pool), image);
  const branches = [
    apply(same(4, 1), image),
    apply(same(5), apply(same(3, 1), image)),
    apply(same(2, 5), apply(same(2, 1), image)),
    apply(same(3, 1), pooled),
  ];
  return apply(layers.concatenate(), branches);
});

/** Hu et al. 2018. */
const squeezeAndExcitation = branched(
  "a squeeze-and-excitation block",
  (image) => {
    const maps = apply(same(8), image);
    const means = apply(
      layers.globalAveragePooling2d({ dataFormat: "channelsLast" }),
      maps,
    );
    const few = apply(layers.dense({ units: 2, activation: "relu" }), means);
    const scales = apply(
      layers.dense({ units: 8, activation: "sigmoid" }),
      few,
    );
    const spread = apply(layers.reshape({ targetShape: [1, 1, 8] }), scales);
    return apply(layers.multiply(), [maps, spread]);
  },
);

const shared: readonly ModelCase[] = [
  branched("a layer that is used twice", (image) => {
    const layer = same(3);
    return apply(layer, apply(layer, image));
  }),
  branched("a layer on two branches", (image) => {
    const layer = layers.dense({ units: 4, activation: "tanh" });
    const other = apply(same(3), image);
    return apply(layers.add(), [apply(layer, image), apply(layer, other)]);
  }),
];

const twoByTwo: ModelCase = {
  name: "two inputs and two outputs",
  build: () => {
    const image = tf.input({ shape: [9, 8, 3] });
    const vector = tf.input({ shape: [5] });
    const flat = apply(layers.flatten(), apply(convolution(), image));
    const both = apply(layers.concatenate(), [flat, vector]);
    const few = apply(layers.dense({ units: 4, activation: "tanh" }), both);
    const one = apply(layers.dense({ units: 1 }), few);
    return tf.model({
      inputs: [image, vector],
      outputs: [apply(softmax(), both), one],
    });
  },
  compile: compileWith(["categoricalCrossentropy", "meanSquaredError"]),
  inputs: (samples) => [
    images(samples),
    tf.randomUniform([samples, 5], 0, 1, "float32", 4),
  ],
  labels: (samples) => [
    classVectors(samples),
    tf.linspace(0, 1, samples).reshape([samples, 1]),
  ],
};

/** Models with branches. */
export const branchCases: readonly ModelCase[] = [
  ...merged,
  twiceUsed,
  residual,
  inception,
  squeezeAndExcitation,
  ...shared,
  twoByTwo,
];
