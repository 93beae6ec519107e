/**
 * Checks of penalties, activations, losses and metrics.
 */
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { evaluate } from "../../src/training/evaluate";
import { compileFromLogits } from "../../src/training/logits";
import { flat, forPython, rounding, tensor, type Row } from "./row";

const x = tensor([2, 3, 4], 3, 4);
const image = tensor([2, 2, 3, 4], 4, 3);
const kernel = tensor([3, 4], 5);
/** Labels 0 and 1, and predicted probabilities. */
const labels = tf.tensor2d([1, 0, 1, 1, 0, 0, 1, 0], [8, 1]);
const probabilities = tf.tensor2d(
  [0.9, 0.2, 0.4, 0.7, 0.6, 0.1, 0.8, 0.5],
  [8, 1],
);
const oneHot = tf.oneHot(tf.tensor1d([0, 3, 2, 1, 0], "int32"), 5).toFloat();
const classProbabilities = tf.softmax(
  tf.add(tensor([5, 5], 7, 2), tf.mul(oneHot, 1.2)),
);
const vectors = tensor([5, 5], 8);

/** Creates a compiled identity model. */
function identity(size: number, compiled: object): tf.LayersModel {
  const layers = [
    tf.layers.dense({
      units: size,
      useBias: false,
      kernelInitializer: "identity",
      inputShape: [size],
    }),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError", ...compiled });
  return model;
}

/** Loss and metrics of a model on the data. */
function evaluated(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) {
  return flat(model.evaluate(x, y, { verbose: 0 }));
}

function penalized() {
  const layers = [
    tf.layers.dense({
      units: 1,
      inputShape: [1],
      kernelInitializer: "ones",
      kernelRegularizer: tf.regularizers.l2(),
    }),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

/** Large logits, as of a confident wrong prediction. */
const logits = tf.tensor2d([40, 0, 0, 0, 30, 0], [2, 3]);
const classIndices = tf.tensor2d([1, 2], [2, 1]);

/** Creates a model that computes the softmax of its input. */
function softmaxModel(): tf.LayersModel {
  const layers = [
    tf.layers.dense({
      units: 3,
      useBias: false,
      kernelInitializer: "identity",
      activation: "softmax",
      inputShape: [3],
    }),
  ];
  return tf.sequential({ layers });
}

const pair = (labels: tf.Tensor, predictions: tf.Tensor) => ({
  labels: forPython(labels),
  predictions: forPython(predictions),
});

/** The loss of each sample for tfjs's name of a loss. Only compiled models accept names. */
function lossByName(loss: string) {
  return vectors
    .split(5)
    .flatMap((each, index) =>
      evaluated(identity(5, { loss }), each, oneHot.slice(index, 1)),
    );
}

const aroundZero = tf.tensor2d([-2, -1, -0.1, 0, 0.1, 3], [2, 3]);

export const metricRows: Readonly<Record<string, Row>> = {
  l1l2: {
    given: { weights: forPython(kernel) },
    tfjs: () =>
      [{ l1: 0.1 }, { l2: 0.1 }].flatMap((each) =>
        flat(tf.regularizers.l1l2(each as never).apply(kernel)),
      ),
    ours: () =>
      [{ l1: 0.1 }, { l2: 0.1 }].flatMap((each) =>
        flat(keras.l1l2(each).apply(kernel)),
      ),
    bound: rounding,
    differs: 0.01,
  },
  "hard-sigmoid": {
    given: { x: forPython(x) },
    tfjs: () =>
      flat(tf.layers.activation({ activation: "hardSigmoid" }).apply(x)),
    ours: () =>
      flat(
        tf.layers.activation({ activation: keras.hardSigmoidName }).apply(x),
      ),
    bound: rounding,
    differs: 0.01,
  },
  "softmax-axis": {
    given: { x: forPython(image) },
    tfjs: () => flat(tf.layers.softmax().apply(image)),
    ours: () =>
      flat(
        keras.softmax().apply(image),
        keras.softmax({ axis: 1 }).apply(image),
      ),
    bound: rounding,
    differs: /Softmax along a non-last dimension is not yet supported/,
  },
  "elu-alpha": {
    given: { x: forPython(aroundZero) },
    tfjs: () => flat(tf.layers.elu({ alpha: 0.5 }).apply(aroundZero)),
    ours: () => {
      const elu = (input: tf.Tensor) =>
        keras.elu({ alpha: 0.5 }).apply(input) as tf.Tensor;
      return flat(elu(aroundZero), tf.grad(elu)(aroundZero));
    },
    bound: rounding,
    differs: /Non-default alpha value \(0.5\) is not supported/,
  },
  hinge: {
    given: pair(oneHot, vectors),
    tfjs: () => ["hinge", "squaredHinge"].flatMap(lossByName),
    ours: () =>
      flat(keras.hinge(oneHot, vectors), keras.squaredHinge(oneHot, vectors)),
    bound: rounding,
    differs: 0.1,
  },
  "precision-recall": {
    given: pair(labels, probabilities),
    tfjs: () =>
      flat(
        tf.metrics.precision(labels, probabilities),
        tf.metrics.recall(labels, probabilities),
      ),
    ours: () =>
      flat(
        keras.precision(labels, probabilities),
        keras.recall(labels, probabilities),
      ),
    bound: rounding,
    differs: 1,
  },
  "accuracy-one-hot": {
    given: pair(oneHot, classProbabilities),
    tfjs: () => {
      const compiled = { loss: "binaryCrossentropy", metrics: ["accuracy"] };
      const model = identity(5, compiled);
      return evaluated(model, classProbabilities, oneHot).slice(1);
    },
    ours: () => {
      const metrics = [keras.categoricalAccuracy];
      const model = identity(5, { loss: "binaryCrossentropy", metrics });
      return evaluated(model, classProbabilities, oneHot).slice(1);
    },
    bound: rounding,
    differs: 0.1,
  },
  cosine: {
    given: pair(oneHot, vectors),
    tfjs: () =>
      evaluated(identity(5, { metrics: ["cosine"] }), vectors, oneHot).slice(1),
    ours: () =>
      evaluated(
        identity(5, { metrics: [keras.cosineSimilarity] }),
        vectors,
        oneHot,
      ).slice(1),
    bound: rounding,
    differs: 1,
  },
  "top-k": {
    given: pair(oneHot, vectors),
    tfjs: () =>
      evaluated(
        identity(5, { metrics: ["topKCategoricalAccuracy"] }),
        vectors,
        oneHot,
      ),
    ours: () =>
      flat(
        keras.topKCategoricalAccuracy(2)(oneHot, vectors),
        keras.sparseTopKCategoricalAccuracy(2)(
          oneHot.argMax(1).expandDims(1),
          vectors,
        ),
      ),
    bound: rounding,
    differs: /Unknown metric topKCategoricalAccuracy/,
  },
  "clipped-cross-entropy": {
    given: { logits: forPython(logits), labels: forPython(classIndices) },
    tfjs: () => {
      const model = softmaxModel();
      const loss = "sparseCategoricalCrossentropy";
      model.compile({ optimizer: "sgd", loss });
      return evaluated(model, logits, classIndices);
    },
    ours: () => {
      const model = softmaxModel();
      compileFromLogits(model, { optimizer: "sgd", metrics: [] });
      return evaluated(model, logits, classIndices);
    },
    bound: rounding,
    differs: 0.1,
  },
  "evaluation-penalty": {
    given: {},
    tfjs: () => evaluated(penalized(), tf.ones([2, 1]), tf.ones([2, 1])),
    ours: () => [
      evaluate(penalized(), tf.ones([2, 1]), tf.ones([2, 1]), {
        withPenalty: true,
      }).loss,
    ],
    bound: rounding,
    differs: 1,
  },
};
