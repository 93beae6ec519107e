/**
 * Checks of the exercises of lesson 0.
 */
import { tf } from "../../engine/tensorflow";
import { penalty } from "../../training/penalty";
import { right, wrong, type Finding } from "./finding";
import {
  inOrder,
  judgeLogits,
  judgeOutputShape,
  layersOf,
} from "./judge-model";

export const lesson0 = {
  /** Batch normalization as in training, without a trained scale and shift. */
  "lesson-0/normalize": (normalize: (x: tf.Tensor4D) => tf.Tensor) =>
    judgeNormalized(normalize),

  /** The number of units that are 0 for every image. */
  "lesson-0/dead-units": (count: (outputs: tf.Tensor2D) => number) =>
    judgeDeadUnits(count),

  /** The regularized network, with fewer values before its first dense layer. */
  "lesson-0/smaller": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected, one for each class.",
        ),
      () => judgeLogits(model),
      () => judgeRegularized(model),
      () => judgeDenseInput(model, 8192),
    ),
};

/** A batch whose channels and positions have means and variances of their own. */
function batch(): tf.Tensor4D {
  const [images, rows, columns, channels] = [4, 3, 5, 2] as const;
  const size = images * rows * columns * channels;
  const values = Float32Array.from({ length: size }, (_, index) => {
    const channel = index % channels;
    return 10 * channel + (channel + 1) * (((index * 37) % 101) / 20);
  });
  return tf.tensor4d(values, [images, rows, columns, channels]);
}

function judgeNormalized(normalize: (x: tf.Tensor4D) => tf.Tensor): Finding {
  let finding: Finding | undefined;
  tf.tidy(() => {
    finding = inOrder(
      () => judgeChannels(normalize),
      () => judgeConstant(normalize),
    );
  });
  return finding!;
}

function judgeChannels(normalize: (x: tf.Tensor4D) => tf.Tensor): Finding {
  const x = batch();
  const found = normalize(x);
  if (found.shape.join() !== x.shape.join()) {
    return wrong(
      `A batch of shape (${x.shape.join(", ")}) becomes one of shape (${found.shape.join(", ")}).`,
      "Normalizing changes values, not shapes.",
    );
  }
  const channels = tf.moments(found, [0, 1, 2]);
  const seen = `The channels have the means ${listed(channels.mean)} and the variances ${listed(channels.variance)}.`;
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const expected = x.sub(mean).div(variance.add(1e-3).sqrt());
  return largestDifference(found, expected) < 2e-3
    ? right(seen)
    : wrong(
        seen,
        "Each channel is to have a mean of 0 and a variance of 1, over all images and positions together.",
      );
}

function judgeConstant(normalize: (x: tf.Tensor4D) => tf.Tensor): Finding {
  const values = normalize(tf.fill([2, 2, 2, 1], 3)).dataSync<"float32">();
  return values.every((value) => Math.abs(value) < 1e-3)
    ? right("Each channel has a mean of 0 and a variance of 1.")
    : wrong(
        `A channel that is 3 everywhere becomes ${values[0]}.`,
        "Its variance is 0. What keeps the formula from dividing by 0?",
      );
}

/** Largest absolute difference; NaN if a value is not a number. */
function largestDifference(one: tf.Tensor, other: tf.Tensor): number {
  const values = other.dataSync<"float32">();
  return one
    .dataSync<"float32">()
    .reduce(
      (largest, value, index) =>
        Math.max(largest, Math.abs(value - values[index]!)),
      0,
    );
}

function listed(values: tf.Tensor): string {
  const numbers = [...values.dataSync<"float32">()];
  // Adding 0 turns -0 into 0.
  return numbers
    .map((value) => (Math.round(value * 1000) / 1000 + 0).toFixed(3))
    .join(" and ");
}

/** Outputs of a relu layer, one row for each image, and how many of its units are dead. */
const layers: readonly (readonly [number[][], number])[] = [
  [
    [
      [0, 2, 0, 0.5],
      [0, 0, 0, 0.1],
      [0, 0, 3, 0.2],
    ],
    1,
  ],
  [
    [
      [0, 0, 0, 0, 1e-6],
      [0, 0, 0, 0, 0],
    ],
    4,
  ],
  [
    [
      [1, 2],
      [0, 1],
      [3, 0],
    ],
    0,
  ],
];

function judgeDeadUnits(count: (outputs: tf.Tensor2D) => number): Finding {
  for (const [outputs, dead] of layers) {
    const found = tf.tidy(() => count(tf.tensor2d(outputs)));
    if (found !== dead) {
      return wrong(
        `For the outputs ${JSON.stringify(outputs)} the answer is ${String(found)}.`,
        "A row belongs to an image and a column to a unit. A unit is dead if its whole column is 0.",
      );
    }
  }
  return right("The dead units of three layers are counted.");
}

function judgeRegularized(model: tf.LayersModel): Finding {
  if (!(penalty(model) > 0)) {
    return wrong(
      "The model has no penalty.",
      "Convolutions and the dense layer of 64 units have an L2 penalty. Which option of a layer sets it?",
    );
  }
  return layersOf(model).some((layer) => layer.getClassName() === "Dropout")
    ? right("The model has a penalty and dropout.")
    : wrong(
        "The model has no dropout.",
        "Which layer stands between the two dense layers of the third network?",
      );
}

/** Judges how many values reach each unit of the first dense layer, of at least two. */
function judgeDenseInput(model: tf.LayersModel, most: number): Finding {
  const dense = layersOf(model).filter(
    (layer) => layer.getClassName() === "Dense",
  );
  if (dense.length < 2) {
    return wrong(
      "There is no dense layer before the last one.",
      "Keep the dense layer of 64 units, and change what comes before it.",
    );
  }
  const values = dense[0]!.getWeights()[0]!.shape[0];
  const seen = `${values.toLocaleString("en-US")} values reach the first dense layer.`;
  return values <= most
    ? right(seen)
    : wrong(
        seen,
        "Height times width times channels is too large. What makes height and width smaller?",
      );
}
