/**
 * Checks of lab 4: a convolutional network for small color images.
 */
import { tf } from "../../engine/tensorflow";
import type { ClassReport } from "../../training/class-report";
import { right, wrong, type Finding } from "./finding";
import { fixedImages } from "./fixed-images";
import { judgeCompiled, judgeLearning } from "./judge-learning";
import {
  inOrder,
  judgeInputShape,
  judgeLogits,
  judgeOutputShape,
  judgeParameters,
  judgeTrained,
  layersOf,
} from "./judge-model";
import { judgeNetwork } from "./judge-network";
import { adviceOnStage, convolution, stage } from "./stage";

export const lab4 = {
  /** Convolutions of 32, 64 and 64 filters with two poolings between them. */
  "lab-4/base": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeInputShape(
          model,
          [
            [32, 32, 3],
            [32, 32, 1],
          ],
          "An image has 32 rows, 32 columns and three channels. What does the model get?",
        ),
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
      () => judgeNetwork(model, baseLayers(), adviceOnStage),
    ),

  /** The base, and a head that gives logits. */
  "lab-4/head": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected, one for each class.",
        ),
      () => judgeLogits(model),
      () => judgeSize(model),
      () =>
        judgeNetwork(
          model,
          [...baseLayers(), ...headLayers()],
          "Compare the layers behind the base with the text. Which activation does each of them have?",
        ),
      () => judgeLearning(model, "logits"),
    ),

  /** Adam, the cross-entropy from logits, and the accuracy. */
  "lab-4/compiled": (model: tf.LayersModel) => judgeCompiled(model, "logits"),

  /** The first network again, with weights of its own and dropout that works in training only. */
  "lab-4/dropout": (model: tf.LayersModel, first: tf.LayersModel) =>
    inOrder(
      () =>
        judgeOutputShape(model, [null, 10], "The last layer stays as it was."),
      () => judgeOwnWeights(model, first),
      () => judgeSize(model),
      () => judgePredictions(model),
      () => judgePlace(model),
      () => judgeDropout(model),
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

function baseLayers(): tf.layers.Layer[] {
  return [...stage(32), ...stage(64), convolution(64)];
}

function headLayers(): tf.layers.Layer[] {
  return [
    tf.layers.flatten(),
    tf.layers.dense({ units: 64, activation: "relu" }),
    tf.layers.dense({ units: 10 }),
  ];
}

function judgeSize(model: tf.LayersModel): Finding {
  return judgeParameters(
    model,
    122_570,
    "Five layers have weights: three convolutions and two dense layers. Compare each with the text.",
  );
}

function judgeOwnWeights(
  model: tf.LayersModel,
  first: tf.LayersModel,
): Finding {
  const known = new Set(first.weights);
  const shared = model.weights.filter((weight) => known.has(weight)).length;
  return shared === 0
    ? right("The weights are the model's own.")
    : wrong(
        `${shared} of ${model.weights.length} arrays of weights belong to the first network, too.`,
        "This network would start with what the first one has learned. Which layers were not built again?",
      );
}

/** Judges whether a model predicts what the first network would. */
function judgePredictions(model: tf.LayersModel): Finding {
  if (predictions(model) !== predictions(model)) {
    return wrong(
      "Two predictions of the same images differ.",
      "Dropout belongs to training. What makes this model random when it predicts?",
    );
  }
  return judgeNetwork(
    model,
    [...baseLayers(), ...headLayers()],
    "Dropout does nothing in prediction. Which of the other layers differs from the first network's?",
  );
}

/** Not by `predict`, whose first call may round otherwise than later ones, which are compiled. */
function predictions(model: tf.LayersModel): string {
  return tf.tidy(() => {
    const images = fixedImages(model, 2);
    const outputs = model.apply(images, { training: false }) as tf.Tensor;
    return outputs.dataSync().join();
  });
}

/** Judges where dropout is, if there is any: behind the dense layer of 64 units. */
function judgePlace(model: tf.LayersModel): Finding {
  const layers = layersOf(model);
  const places = layers.flatMap((layer, at) => (isDropout(layer) ? [at] : []));
  if (places.length === 0) return right("There is no dropout layer.");
  if (places.length > 1) {
    return wrong(
      `The model has ${places.length} dropout layers.`,
      "The text asks for one. Between which two layers?",
    );
  }
  const behind = layers
    .slice(places[0])
    .filter((layer) => layer.countParams() > 0).length;
  return behind === 1
    ? right("Dropout is between the last two layers with weights.")
    : wrong(
        behind === 0
          ? "No layer with weights comes after dropout."
          : `${behind} layers with weights come after dropout.`,
        "Between which two layers does the text put it?",
      );
}

function isDropout(layer: tf.layers.Layer): boolean {
  return layer.getClassName() === "Dropout";
}

function judgeDropout(model: tf.LayersModel): Finding {
  const outputs = () =>
    tf.tidy(() => [
      ...(
        model.apply(fixedImages(model, 2), { training: true }) as tf.Tensor
      ).dataSync(),
    ]);
  // With a low rate, two passes may happen to drop the same units.
  const passes = Array.from({ length: 6 }, () => outputs().join());
  if (new Set(passes).size === 1) {
    return wrong(
      "In training, all passes of the same images give the same outputs.",
      "Dropout sets other units to 0 in every pass. Is the layer in this model, and is its rate between 0 and 1?",
    );
  }
  const rates = layersOf(model)
    .filter(isDropout)
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
