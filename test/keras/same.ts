/**
 * Checks of everything that TensorFlow.js and Keras compute equally, the last part of
 * docs/tfjs-and-keras.md.
 */
import { tf } from "../../src/engine/tensorflow";
import { plain, stepped, steppingGiven } from "./optimizer-rows";
import {
  distanceOfEach,
  flat,
  forPython,
  moments,
  outputOf,
  rounding,
  tensor,
  type Row,
} from "./row";

/** The check of an equality: there is no Keras-compatible variant. */
type Same = Pick<Row, "given" | "tfjs" | "bound" | "measure">;

const shape = [200, 200];
const x = tensor([3, 4], 3, 4);
const images = tensor([2, 5, 6, 2], 1);
const sequence = tensor([2, 4, 2], 2);
const numbers = tf.tensor2d([0, 3, 1, 2], [2, 2], "int32");
const labels = tf.oneHot(tf.tensor1d([0, 3, 2, 1], "int32"), 4).toFloat();
const predictions = tf.softmax(tensor([4, 4], 7, 2));

const activations = [
  ...["elu", "selu", "relu", "relu6", "sigmoid", "softplus", "softsign"],
  ...["tanh", "softmax", "logSoftmax", "gelu", "mish", "swish"],
];
const losses = [
  ...["meanSquaredError", "meanAbsoluteError", "meanSquaredLogarithmicError"],
  ...["categoricalHinge", "logcosh", "categoricalCrossentropy"],
  ...["binaryCrossentropy", "kullbackLeiblerDivergence", "poisson"],
  "cosineProximity",
];

/** The loss of each sample for a loss name. Only compiled models accept names. */
function lossOf(loss: string): number[] {
  const layers = [
    tf.layers.dense({
      units: 4,
      useBias: false,
      kernelInitializer: "identity",
      inputShape: [4],
    }),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: "sgd", loss });
  return predictions
    .split(4)
    .flatMap((each, index) =>
      flat(model.evaluate(each, labels.slice(index, 1), { verbose: 0 })),
    );
}

const weights = (seed: number, ...shapes: number[][]) =>
  shapes.map((shape, index) => tensor(shape, seed + index));
const weighted = {
  conv2d: weights(10, [3, 3, 2, 3], [3]),
  conv2dTranspose: weights(20, [3, 3, 3, 2], [3]),
  separable: weights(30, [2, 2, 2, 1], [1, 1, 2, 3], [3]),
  simpleRNN: weights(40, ...[1, 2].flatMap(() => [[2, 2], [2, 2], [2]])),
  gru: weights(50, [2, 6], [2, 6], [6]),
  embedding: weights(60, [4, 3]),
};

export const same: Readonly<Record<string, Same>> = {
  "same-optimizers": {
    given: steppingGiven(plain),
    tfjs: () =>
      [
        tf.train.sgd(0.1),
        tf.train.rmsprop(0.01, 0.9, 0.5),
        tf.train.adagrad(0.01),
        tf.train.adamax(0.01),
      ].flatMap((optimizer) => stepped(optimizer, plain)),
    bound: 5 * rounding,
  },
  "same-initializers": {
    given: { shape },
    tfjs: () =>
      [
        tf.initializers.glorotUniform({ seed: 1 }),
        tf.initializers.heUniform({ seed: 1 }),
        tf.initializers.leCunUniform({ seed: 1 }),
      ].flatMap((each) => moments(each.apply(shape))),
    bound: 0.03,
    measure: distanceOfEach,
  },
  "same-penalties": {
    given: { x: forPython(x) },
    tfjs: () =>
      flat(
        tf.regularizers.l1({ l1: 0.1 }).apply(x),
        tf.regularizers.l2({ l2: 0.1 }).apply(x),
      ),
    bound: rounding,
  },
  "same-constraints": {
    given: { x: forPython(x) },
    tfjs: () =>
      [
        tf.constraints.maxNorm({ maxValue: 0.5 }),
        tf.constraints.minMaxNorm({ minValue: 0.2, maxValue: 0.5 }),
        tf.constraints.unitNorm({}),
        tf.constraints.nonNeg(),
      ].flatMap((each) => flat(each.apply(x))),
    bound: rounding,
  },
  "same-activations": {
    given: { x: forPython(x) },
    tfjs: () =>
      activations.flatMap((activation) =>
        flat(
          tf.layers.activation({ activation: activation as "elu" }).apply(x),
        ),
      ),
    bound: rounding,
  },
  "same-losses": {
    given: { labels: forPython(labels), predictions: forPython(predictions) },
    tfjs: () => losses.flatMap(lossOf),
    bound: rounding,
  },
  "same-metrics": {
    given: { labels: forPython(labels), predictions: forPython(predictions) },
    tfjs: () =>
      flat(
        tf.metrics.binaryAccuracy(labels, predictions),
        tf.metrics.categoricalAccuracy(labels, predictions),
        tf.metrics.sparseCategoricalAccuracy(
          tf.expandDims(tf.argMax(labels, 1), 1),
          predictions,
        ),
      ),
    bound: 0,
  },
  "same-layers": {
    given: { x: forPython(images) },
    tfjs: () => {
      const { layers } = tf;
      const [rows, columns] = [
        [1, 2],
        [0, 1],
      ] as [[number, number], [number, number]];
      const pool = { poolSize: 3, strides: 2, padding: "same" } as const;
      return [
        layers.leakyReLU(),
        layers.reLU({ maxValue: 0.5 }),
        layers.prelu(),
        layers.batchNormalization(),
      ]
        .map((layer) => layer.apply(images))
        .concat(
          layers.batchNormalization().apply(images, { training: true }),
          [
            layers.layerNormalization(),
            layers.maxPooling2d(pool),
            layers.averagePooling2d(pool),
            layers.globalAveragePooling2d({}),
            layers.zeroPadding2d({ padding: [rows, columns] }),
            layers.cropping2D({ cropping: [rows, columns] }),
            layers.upSampling2d({ size: [2, 3] }),
            layers.rescaling({ scale: 2, offset: 1 }),
            layers.permute({ dims: [2, 3, 1] }),
          ].map((layer) => layer.apply(images)) as tf.Tensor[],
        )
        .flatMap((output) => flat(output));
    },
    bound: rounding,
  },
  "same-weighted-layers": {
    given: {
      x: forPython(images),
      sequence: forPython(sequence),
      numbers: forPython(numbers),
      weights: Object.fromEntries(
        Object.entries(weighted).map(([name, each]) => [
          name,
          each.map(forPython),
        ]),
      ),
    },
    tfjs: () => {
      const { layers } = tf;
      const wide = {
        filters: 3,
        kernelSize: 3,
        strides: 2,
        padding: "same",
      } as const;
      const inSequence = layers.simpleRNN({ units: 2, returnSequences: true });
      return flat(
        outputOf(layers.conv2d(wide), weighted.conv2d, images),
        outputOf(
          layers.conv2dTranspose(wide),
          weighted.conv2dTranspose,
          images,
        ),
        outputOf(
          layers.separableConv2d({ filters: 3, kernelSize: 2 }),
          weighted.separable,
          images,
        ),
        outputOf(
          layers.bidirectional({ layer: inSequence, mergeMode: "concat" }),
          weighted.simpleRNN,
          sequence,
        ),
        outputOf(
          layers.gru({ units: 2, recurrentActivation: "sigmoid" }),
          weighted.gru,
          sequence,
        ),
        outputOf(
          layers.embedding({ inputDim: 4, outputDim: 3 }),
          weighted.embedding,
          numbers,
        ),
      );
    },
    bound: rounding,
  },
};
