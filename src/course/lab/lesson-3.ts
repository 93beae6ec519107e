/**
 * Checks of the exercises of lesson 3.
 */
import type { NdArray } from "../../data/nd-array";
import { tf } from "../../engine/tensorflow";
import { right, wrong, type Finding } from "./finding";
import { judgeChannelAxis, judgeScaled } from "./judge-images";
import { judgeLearning } from "./judge-learning";
import {
  inOrder,
  judgeInputShape,
  judgeOutputShape,
  judgeParameters,
  judgeProbabilities,
} from "./judge-model";
import { judgeNetwork } from "./judge-network";

export const lesson3 = {
  /** Pixels from 0 to 1, and an axis for the only channel. */
  "lesson-3/prepared": (images: tf.Tensor, bytes: NdArray) =>
    inOrder(
      () => judgeChannelAxis(images, bytes),
      () => judgeScaled(images, bytes, [...bytes.shape, 1]),
    ),

  /** The parameters of the dense layer behind a convolution, for any image and filter. */
  "lesson-3/parameters": (answer: (image: number, filter: number) => number) =>
    judgeCount(answer),

  /** The network of the lesson with filters of 3 × 3 and a wider end. */
  "lesson-3/smaller-filters": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeInputShape(
          model,
          [[28, 28, 1]],
          "An image has 28 rows, 28 columns and one channel. What does the model get?",
        ),
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected, one for each class of clothes.",
        ),
      () =>
        judgeParameters(
          model,
          88_602,
          "Four layers have weights. Compare filters, kernel size, pooling and units with the text.",
        ),
      () => judgeProbabilities(model),
      () =>
        judgeNetwork(
          model,
          smallerNetwork(),
          "Which activation follows the convolution and the hidden layers, and which kind of pooling is it?",
        ),
      () => judgeLearning(model, "probabilities"),
    ),
};

function smallerNetwork(): tf.layers.Layer[] {
  const dense = (size: number, activation: "relu" | "softmax") =>
    tf.layers.dense({ units: size, activation });
  return [
    tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    dense(16, "relu"),
    dense(64, "relu"),
    dense(10, "softmax"),
  ];
}

/** Units, filters, and pairs of image and filter of which the places are even, odd, and few. */
const units = 16;
const filters = 32;
const cases = [
  [28, 4],
  [28, 3],
  [32, 4],
  [9, 4],
] as const;

function judgeCount(
  answer: (image: number, filter: number) => number,
): Finding {
  for (const [image, filter] of cases) {
    const places = image - filter + 1;
    const pooled = Math.floor(places / 2);
    const weights = (side: number) => side * side * filters * units;
    const expected = weights(pooled) + units;
    const found = answer(image, filter);
    if (found === expected) continue;
    const hints = new Map([
      [weights(pooled), "These are the weights. What else does a unit have?"],
      [weights(places) + units, "How many rows does the pooling leave?"],
      [weights(places / 2) + units, "Can half a row be left over?"],
      [expected / filters, "How many maps are there?"],
    ]);
    return wrong(
      `For an image of ${image} and a filter of ${filter} the result is ${found}.`,
      hints.get(found) ??
        "Count the places of the window, then what pooling leaves, then the values that enter one unit.",
    );
  }
  return right(
    `The result is right for ${cases.length} pairs of image and filter.`,
  );
}
