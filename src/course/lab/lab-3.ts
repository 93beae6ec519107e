/**
 * Checks of lab 3: a convolutional network for handwritten digits.
 */
import type { NdArray } from "../../data/nd-array";
import type { tf } from "../../engine/tensorflow";
import { variablesOf } from "../../training/weights";
import { right, wrong, type Finding } from "./finding";
import { judgeChannelAxis } from "./judge-images";
import { judgeLearning } from "./judge-learning";
import {
  inOrder,
  judgeInputShape,
  judgeOutputShape,
  judgeParameters,
  judgeProbabilities,
  judgeTrained,
  shapeText,
} from "./judge-model";
import { judgeNetwork } from "./judge-network";
import { adviceOnStage, stage } from "./stage";

export const lab3 = {
  /** An axis for the only channel. */
  "lab-3/channel-axis": (images: NdArray | tf.Tensor, original: NdArray) =>
    judgeChannelAxis(images, original),

  /** 32 filters of 3 × 3, and a pooling of 2. */
  "lab-3/first-layer": (model: tf.LayersModel) =>
    inOrder(
      () => judgeImages(model),
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
      () => judgeNetwork(model, stage(32), adviceOnStage),
    ),

  /** 64 filters more, and a second pooling. */
  "lab-3/second-layer": (model: tf.LayersModel) =>
    inOrder(
      () => judgeImages(model),
      () =>
        judgeOutputShape(
          model,
          [null, 5, 5, 64],
          model.layers.length > 4
            ? "Four layers are expected. Were layers added more than once? Then run the steps from step 2 on again."
            : "13 loses 2 to a window of 3, and the pooling halves the rest, rounded down. How many maps are there?",
        ),
      () =>
        judgeParameters(
          model,
          18_816,
          "A filter of the second layer sees all maps of the first, not one of them.",
        ),
      () => judgeNetwork(model, [...stage(32), ...stage(64)], adviceOnStage),
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
      () => judgeBase(model),
      () => judgeLearning(model, "probabilities"),
    ),

  /** A trained model, on test images. */
  "lab-3/trained": (
    model: tf.LayersModel,
    images: tf.Tensor,
    labels: tf.Tensor,
  ) => judgeTrained(model, images, labels, 0.85),
};

function judgeImages(model: tf.LayersModel): Finding {
  return judgeInputShape(
    model,
    [
      [28, 28, 1],
      [28, 28, 3],
    ],
    "An image has 28 rows, 28 columns and one channel. What does the model get?",
  );
}

/** Judges whether a model has the weights of both convolutions in front. */
function judgeBase(model: tf.LayersModel): Finding {
  const shapes = variablesOf(model)
    .slice(0, 4)
    .map(({ shape }) => shapeText(shape))
    .join(", ");
  return shapes === "(3, 3, 1, 32), (32), (3, 3, 32, 64), (64)"
    ? right("The model begins with both convolutions.")
    : wrong(
        `The first weights have the shapes ${shapes}.`,
        "The model begins with the base of step 4. What is put on top of it?",
      );
}

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
