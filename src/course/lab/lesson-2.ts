/**
 * Checks of the exercises of lesson 2: kernels, means and shortcuts.
 */
import { tf } from "../../engine/tensorflow";
import { receptiveFields } from "../../models/receptive-fields";
import { right, wrong, type Finding } from "./finding";
import {
  inOrder,
  judgeOutputShape,
  judgeParameters,
  judgeProbabilities,
} from "./judge-model";
import { judgeNetwork } from "./judge-network";
import { keepingWeights } from "./trial-weights";

export const lesson2 = {
  /** Three layers of 3 × 3 that see as much as one of 7 × 7. */
  "lesson-2/three-small": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 28, 28, 16],
          "Height and width stay 28. Which padding does that, and how many filters are there?",
        ),
      () => judgeKernels(model, 3),
      () => judgeReceptiveField(model, 7),
      () =>
        judgeParameters(
          model,
          6960,
          "Each layer takes 16 maps and has 16 filters, each with a bias.",
        ),
      () =>
        judgeNetwork(
          model,
          [1, 2, 3].map(() => convolution(16, 3)),
          "Which activation does each layer have?",
        ),
    ),

  /** The lesson's network with the mean of each map in place of `flatten`. */
  "lesson-2/mean-head": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected. What turns maps into one row of numbers?",
        ),
      () =>
        judgeParameters(
          model,
          1_151_690,
          "The first dense layer takes one number for each map of the last convolution. All other layers are as in the lesson.",
        ),
      () => judgeProbabilities(model),
      () =>
        judgeNetwork(
          model,
          meanNetwork(),
          "All other layers are as in the lesson. Compare activations and poolings.",
        ),
    ),

  /** relu(x + F(x)), with two convolutions in F. */
  "lesson-2/shortcut": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 8, 8, 16],
          "Adding takes two values of the same shape. Which padding keeps it?",
        ),
      () =>
        judgeParameters(
          model,
          4640,
          "F has two convolutions of 3 × 3, each with 16 filters and biases.",
        ),
      () => judgeShortcut(model),
    ),
};

/** A convolution as in the lesson. */
function convolution(filters: number, kernelSize: number): tf.layers.Layer {
  const options = { padding: "same", activation: "relu" } as const;
  return tf.layers.conv2d({ ...options, filters, kernelSize });
}

/** The lesson's network with the mean of each map, without its dropout. */
function meanNetwork(): tf.layers.Layer[] {
  const pooling = () => tf.layers.maxPooling2d({ poolSize: 2 });
  return [
    convolution(64, 7),
    pooling(),
    convolution(128, 3),
    convolution(128, 3),
    pooling(),
    convolution(256, 3),
    convolution(256, 3),
    pooling(),
    tf.layers.globalAveragePooling2d({}),
    tf.layers.dense({ units: 128, activation: "relu" }),
    tf.layers.dense({ units: 64, activation: "relu" }),
    tf.layers.dense({ units: 10, activation: "softmax" }),
  ];
}

function judgeKernels(model: tf.LayersModel, expected: number): Finding {
  const kernels = model.weights
    .map(({ shape }) => shape)
    .filter((shape) => shape.length === 4)
    .map(([rows, columns]) => `${rows} × ${columns}`);
  const seen = `The kernels are ${kernels.join(", ")}.`;
  return kernels.every((kernel) => kernel === `${expected} × ${expected}`)
    ? right(seen)
    : wrong(seen, `All of them should be ${expected} × ${expected}.`);
}

function judgeReceptiveField(model: tf.LayersModel, expected: number): Finding {
  const size = receptiveFields(model).at(-1)!.size;
  const field = size === null ? "the whole image" : size.join(" × ");
  const seen = `An output sees ${field}.`;
  return field === `${expected} × ${expected}`
    ? right(seen)
    : wrong(
        seen,
        `${expected} × ${expected} pixels are expected. By how much does one layer of 3 × 3 widen the view?`,
      );
}

/**
 * Judges whether a unit passes on its input where its convolutions give a constant, set by biases.
 * The weights are as before afterwards.
 */
function judgeShortcut(model: tf.LayersModel): Finding {
  return keepingWeights(model, () => {
    if (distanceWith(model, 0) > 1e-5) {
      return wrong(
        "With all weights 0 the output is not relu of the input.",
        "What is added to the result of the convolutions, and what follows the addition?",
      );
    }
    return distanceWith(model, -0.5) > 1e-5
      ? wrong(
          "The convolutions cannot make the output smaller than the input.",
          "An activation between the last convolution and the addition keeps F from being negative. Where does the relu belong?",
        )
      : right("With all weights 0 the output is relu of the input.");
  });
}

/** The largest distance from relu(x + bias), if all kernels are 0 and all biases are `bias`. */
function distanceWith(model: tf.LayersModel, bias: number): number {
  return tf.tidy(() => {
    for (const weight of model.weights) {
      const shape = weight.shape as number[];
      weight.write(shape.length === 1 ? tf.fill(shape, bias) : tf.zeros(shape));
    }
    const inputs = tf.randomUniform([2, 8, 8, 16], -1, 1, "float32", 1);
    const outputs = model.predict(inputs) as tf.Tensor;
    const expected = tf.relu(tf.add(inputs, bias));
    return tf.max(tf.abs(tf.sub(outputs, expected))).dataSync()[0]!;
  });
}
