/**
 * Models that test losses, metrics, penalties and training options, each on the same small network.
 */
import { compileFromLogits, keras } from "../../../src";
import { tf } from "../../../src/engine";
import { declarePart } from "../../../src/engine/parts/declared-parts";
import {
  chain,
  classVectors,
  compileWith,
  convolution,
  rate,
  type ModelCase,
} from "./coverage-case";

const net = () => [convolution({ activation: "relu" })];

/** Labels as class vectors with the values `off` and `on`. */
const vectors = (off = 0, on = 1) => ({
  labels: (samples: number) => [classVectors(samples, off, on)],
});

const crossEntropy = "categoricalCrossentropy";

const lossNames = [
  crossEntropy,
  "categoricalHinge",
  "cosineProximity",
  "kullbackLeiblerDivergence",
  "logcosh",
  "meanAbsoluteError",
  "meanSquaredError",
  "meanSquaredLogarithmicError",
  "poisson",
];

const losses: readonly ModelCase[] = [
  ...lossNames.map((loss) =>
    chain(`loss ${loss}`, net, { compile: compileWith(loss), ...vectors() }),
  ),
  ...["hinge", "squaredHinge"].map((loss) =>
    chain(
      `loss ${loss}`,
      net,
      { compile: compileWith(loss), ...vectors(-1) },
      "linear",
    ),
  ),
  chain(
    "loss binaryCrossentropy",
    net,
    { compile: compileWith("binaryCrossentropy"), ...vectors() },
    "sigmoid",
  ),
  chain("a loss with sines and cosines", net, {
    compile: compileWith(
      declarePart((labels: tf.Tensor, outputs: tf.Tensor) => {
        const angles = tf.sub(labels, outputs);
        return tf.mean(tf.sub(tf.sin(angles), tf.cos(angles)), -1);
      }),
    ),
    ...vectors(),
  }),
  // The percentage error is not defined for a label of 0.
  chain("loss meanAbsolutePercentageError", net, {
    compile: compileWith("meanAbsolutePercentageError"),
    ...vectors(0.5),
  }),
  chain("loss sparseCategoricalCrossentropy", net),
  ...(["linear", "softmax"] as const).map((last) =>
    chain(
      `loss on logits, last activation ${last}`,
      net,
      {
        compile: (model) =>
          compileFromLogits(model, { optimizer: tf.train.sgd(rate) }),
      },
      last,
    ),
  ),
];

const metricNames = [
  "accuracy",
  "binaryAccuracy",
  "categoricalAccuracy",
  "cosine",
  "mae",
  "mse",
  "precision",
];

const metrics: readonly ModelCase[] = [
  ...metricNames.map((metric) =>
    chain(`metric ${metric}`, net, {
      compile: compileWith(crossEntropy, [metric]),
      ...vectors(),
    }),
  ),
  ...[keras.categoricalAccuracy, keras.precision, keras.recall].map((metric) =>
    chain(`metric keras.${metric.name}`, net, {
      compile: compileWith(crossEntropy, [metric]),
      ...vectors(),
    }),
  ),
  chain("several metrics", net, {
    compile: compileWith(crossEntropy, ["accuracy", "mse"]),
    ...vectors(),
  }),
];

const { l1, l2, l1l2 } = tf.regularizers;

const penalties: readonly ModelCase[] = [
  chain("an L1 penalty", () => [
    convolution({ kernelRegularizer: l1({ l1: 0.01 }) }),
  ]),
  chain("an L2 penalty", () => [
    convolution({ kernelRegularizer: l2({ l2: 0.01 }) }),
  ]),
  chain("an L2 penalty on a bias", () => [
    convolution({ biasRegularizer: l2({ l2: 0.1 }) }),
  ]),
  chain("both penalties at once", () => [
    convolution({ kernelRegularizer: l1l2({ l1: 0.01, l2: 0.02 }) }),
  ]),
];

const constraint = tf.constraints.maxNorm({ maxValue: 1, axis: 0 });

const ways: readonly ModelCase[] = [
  chain("a constraint", () => [convolution({ kernelConstraint: constraint })]),
  chain("class weights", net, {
    fit: { classWeight: { 0: 1, 1: 2, 2: 1, 3: 0.5 } },
  }),
  chain("a last batch that is smaller", net, { samples: 18 }),
  chain(
    "a last batch that is smaller, and batch normalization",
    () => [convolution(), tf.layers.batchNormalization()],
    { samples: 18 },
  ),
  chain("a last batch of one sample", net, { samples: 16 }),
];

/** Models that differ in how they are trained. */
export const trainingCases: readonly ModelCase[] = [
  ...losses,
  ...metrics,
  ...penalties,
  ...ways,
];
