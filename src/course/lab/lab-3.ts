/**
 * Checks of lab 3: a convolutional network for handwritten digits.
 */
import type { NdArray } from "../../data/nd-array";
import type { tf } from "../../engine/tensorflow";
import { right, wrong, type Finding } from "./finding";
import { judgeChannelAxis } from "./judge-images";
import {
  inOrder,
  judgeLearning,
  judgeOutputShape,
  judgeParameters,
  judgeProbabilities,
  judgeTrained,
} from "./judge-model";

export const lab3 = {
  /** An axis for the only channel. */
  "lab-3/channel-axis": (images: NdArray | tf.Tensor, original: NdArray) =>
    judgeChannelAxis(images, original),

  /** 32 filters of 3 × 3, and a pooling of 2. */
  "lab-3/first-layer": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 13, 13, 32],
          "28 loses 2 to a window of 3, and the pooling halves the rest. How many maps are there, and is a border added?",
        ),
      () =>
        judgeParameters(
          model,
          320,
          "Each filter has one weight for every pixel of its window, and a bias.",
        ),
    ),

  /** 64 filters more, and a second pooling. */
  "lab-3/second-layer": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 5, 5, 64],
          "13 loses 2 to a window of 3, and the pooling halves the rest, rounded down. How many maps are there?",
        ),
      () =>
        judgeParameters(
          model,
          18_816,
          "A filter of the second layer sees all maps of the first, not one of them.",
        ),
    ),

  /** The number of parameters of the first layer, counted by hand. */
  "lab-3/by-hand": (answer: number) => judgeByHand(answer),

  /** Ten probabilities. */
  "lab-3/head": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected. What has to become of rows and columns before a dense layer?",
        ),
      () => judgeProbabilities(model),
      () => judgeLearning(model, "probabilities"),
    ),

  /** A trained model, on test images. */
  "lab-3/trained": (
    model: tf.LayersModel,
    images: tf.Tensor,
    labels: tf.Tensor,
  ) => judgeTrained(model, images, labels, 0.85),
};

function judgeByHand(answer: number): Finding {
  const seen = `The answer is ${answer}.`;
  if (answer === 320) return right(seen);
  if (answer === 288) {
    return wrong(seen, "These are the weights. What else does a filter have?");
  }
  return wrong(
    seen,
    "Count one filter first: its window, times the channels of the image. How many filters are there?",
  );
}
