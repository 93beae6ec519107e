/**
 * Checks of lab 4: a convolutional network for small color images.
 */
import { tf } from "../../engine/tensorflow";
import type { ClassReport } from "../../training/class-report";
import { right, wrong, type Finding } from "./finding";
import { fixedImages } from "./fixed-images";
import {
  inOrder,
  judgeCompiled,
  judgeLearning,
  judgeLogits,
  judgeOutputShape,
  judgeParameters,
  judgeTrained,
} from "./judge-model";

export const lab4 = {
  /** Convolutions of 32, 64 and 64 filters with two poolings between them. */
  "lab-4/base": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 4, 4, 64],
          "32 becomes 30, 15, 13, 6 and 4. Which of the five layers does not fit?",
        ),
      () =>
        judgeParameters(
          model,
          56_320,
          "Three layers have weights. Compare their kernel sizes and numbers of filters with the text.",
        ),
    ),

  /** A head that gives logits. */
  "lab-4/head": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected, one for each class.",
        ),
      () => judgeLogits(model),
      () => judgeLearning(model, "logits"),
    ),

  /** The cross-entropy on logits, and a metric. */
  "lab-4/compiled": (model: tf.LayersModel) => judgeCompiled(model, "logits"),

  /** Dropout that works in training only. */
  "lab-4/dropout": (model: tf.LayersModel) =>
    inOrder(
      () => judgeDropout(model),
      () =>
        judgeOutputShape(model, [null, 10], "The last layer stays as it was."),
    ),

  /** A trained model, on test images. */
  "lab-4/trained": (
    model: tf.LayersModel,
    images: tf.Tensor,
    labels: tf.Tensor,
  ) => judgeTrained(model, images, labels, 0.25),

  /** The class of which the smallest share was found. */
  "lab-4/worst-class": (answer: string, report: ClassReport) =>
    judgeWorstClass(answer, report),
};

function judgeDropout(model: tf.LayersModel): Finding {
  const outputs = (training: boolean) =>
    tf.tidy(() => [
      ...(
        model.apply(fixedImages(model, 2), { training }) as tf.Tensor
      ).dataSync(),
    ]);
  if (outputs(false).join() !== outputs(false).join()) {
    return wrong(
      "Two predictions of the same images differ.",
      "Dropout belongs to training. What makes this model random when it predicts?",
    );
  }
  // With a low rate, two passes may happen to drop the same units.
  const passes = Array.from({ length: 6 }, () => outputs(true).join());
  if (new Set(passes).size === 1) {
    return wrong(
      "In training, all passes of the same images give the same outputs.",
      "Dropout sets other units to 0 in every pass. Is the layer in this model, and is its rate above 0?",
    );
  }
  const rates = model.layers
    .filter((layer) => layer.getClassName() === "Dropout")
    .map((layer) => Number(layer.getConfig()["rate"]));
  return rates.includes(0.5)
    ? right("In training half of the units are dropped; in prediction none is.")
    : wrong(
        `The rates of dropout are ${rates.join(", ") || "not those of a Dropout layer"}.`,
        "The text names a share of the units.",
      );
}

function judgeWorstClass(answer: string, report: ClassReport): Finding {
  const found = report.rows.find(({ name }) => name === answer);
  if (found === undefined) {
    return wrong(
      `The answer is "${answer}".`,
      `The name of a class is expected, such as "${report.rows[0]!.name}".`,
    );
  }
  const smallest = Math.min(...report.rows.map(({ recall }) => recall));
  const seen = `${(100 * found.recall).toFixed(1)} % of the class "${answer}" were found`;
  return found.recall === smallest
    ? right(`${seen}, fewer than of any other.`)
    : wrong(
        `${seen}; of another class ${(100 * smallest).toFixed(1)} %.`,
        "Recall is the share of a class that was found; precision is something else.",
      );
}
