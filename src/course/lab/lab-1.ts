/**
 * Checks of lab 1: a dense network for handwritten digits.
 */
import type { NdArray } from "../../data/nd-array";
import { tf } from "../../engine/tensorflow";
import { right, wrong, type Finding } from "./finding";
import { judgeScaled } from "./judge-images";
import { judgeCompiled, judgeLearning } from "./judge-learning";
import {
  inOrder,
  judgeInputShape,
  judgeOutputShape,
  judgeParameters,
  judgeProbabilities,
  judgeTrained,
} from "./judge-model";
import { judgeNetwork } from "./judge-network";

export const lab1 = {
  /** Pixels from 0 to 1. */
  "lab-1/scaled": (images: tf.Tensor, bytes: NdArray) =>
    judgeScaled(images, bytes),

  /** The layers of the text: 128 units with relu, and ten probabilities. */
  "lab-1/model": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeInputShape(
          model,
          [
            [28, 28],
            [28, 28, 1],
          ],
          "An image has 28 rows of 28 pixels. What does the model get?",
        ),
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected. Which layer puts the rows of an image one after another, and how many classes are there?",
        ),
      () => judgeProbabilities(model),
      () => judgeParameters(model, 101_770, adviceOnSize),
      () =>
        judgeNetwork(
          model,
          [
            tf.layers.flatten(),
            tf.layers.dense({ units: 128, activation: "relu" }),
            tf.layers.dense({ units: 10, activation: "softmax" }),
          ],
          "Two layers have weights. Which activation does the text name for each of them?",
        ),
      () => judgeLearning(model, "probabilities"),
    ),

  /** Adam, the cross-entropy for class numbers, and the accuracy. */
  "lab-1/compiled": (model: tf.LayersModel) =>
    judgeCompiled(model, "probabilities"),

  /** A trained model, on test images. */
  "lab-1/trained": (
    model: tf.LayersModel,
    images: tf.Tensor,
    labels: tf.Tensor,
  ) => judgeTrained(model, images, labels, 0.8),

  /** The class that a model predicts for one image. */
  "lab-1/prediction": (
    answer: number,
    model: tf.LayersModel,
    image: tf.Tensor,
  ) => judgePrediction(answer, model, image),
};

/** Parameters of a dense layer from the pixels to the ten outputs. */
const withoutHiddenLayer = 28 * 28 * 10 + 10;

function adviceOnSize(count: number): string {
  return count === withoutHiddenLayer
    ? "The text has a hidden layer between the pixels and the ten outputs. Does your model?"
    : "Compare the layers with the text. How many units does the hidden layer have, and does each have a bias?";
}

function judgePrediction(
  answer: number,
  model: tf.LayersModel,
  image: tf.Tensor,
): Finding {
  const probabilities = tf.tidy(() => [
    ...(model.predict(image) as tf.Tensor).dataSync(),
  ]);
  if (probabilities.length !== 10) {
    return wrong(
      `The model gives ${probabilities.length} numbers.`,
      "A single image is expected here, with an axis of length 1 in front.",
    );
  }
  if (!Number.isInteger(answer) || answer < 0 || answer > 9) {
    return wrong(
      `The answer is ${answer}.`,
      "A class is a whole number from 0 to 9. Is this a probability, or a list?",
    );
  }
  const largest = Math.max(...probabilities);
  return probabilities[answer] === largest
    ? right(
        `Class ${answer} has the largest probability, ${largest.toFixed(3)}.`,
      )
    : wrong(
        `Class ${answer} has the probability ${probabilities[answer]!.toFixed(3)}; the largest is ${largest.toFixed(3)}.`,
        "At which index is the largest of the ten probabilities? The first index is 0.",
      );
}
