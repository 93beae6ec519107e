/**
 * Judges models by what they do: shapes, predictions on fixed images, losses.
 */
import { tf } from "../../engine/tensorflow";
import { predictedClasses } from "../../training/predicted-classes";
import { evaluate } from "../../training/evaluate";
import { right, wrong, type Finding } from "./finding";
import { fixedImages, fixedLabels, inputShape } from "./fixed-images";

/** A shape as Keras writes it: `None` for the number of images. */
export function shapeText(shape: tf.Shape): string {
  return `(${shape.map((size) => size ?? "None").join(", ")})`;
}

/** Judges the shape of one input of a model, which may be any of `allowed`. */
export function judgeInputShape(
  model: tf.LayersModel,
  allowed: readonly tf.Shape[],
  advice: string,
): Finding {
  const shape = shapeText(inputShape(model));
  const seen = `One input has the shape ${shape}.`;
  return allowed.some((each) => shapeText(each) === shape)
    ? right(seen)
    : wrong(seen, advice);
}

/** Judges the output shape of a model; `advice` says what to look at. */
export function judgeOutputShape(
  model: tf.LayersModel,
  expected: tf.Shape,
  advice: string,
): Finding {
  const { shape } = model.outputs[0]!;
  const seen = `The output has the shape ${shapeText(shape)}.`;
  return shapeText(shape) === shapeText(expected)
    ? right(seen)
    : wrong(seen, advice);
}

/** Judges the number of parameters of a model. */
export function judgeParameters(
  model: tf.LayersModel,
  expected: number,
  advice: string,
): Finding {
  const count = model.countParams();
  const seen = `The model has ${count.toLocaleString("en-US")} parameters.`;
  return count === expected ? right(seen) : wrong(seen, advice);
}

/** Judges whether outputs are probabilities: not negative, with the sum 1. */
export function judgeProbabilities(model: tf.LayersModel): Finding {
  const { sums, smallest } = outputsOf(model);
  const areProbabilities =
    smallest >= 0 && sums.every((sum) => Math.abs(sum - 1) < 1e-3);
  return areProbabilities
    ? right("The outputs of each image are not negative and add up to 1.")
    : wrong(
        `The outputs of an image add up to ${sums[0]!.toFixed(2)}; the smallest is ${smallest.toFixed(2)}.`,
        "Which activation of the last layer turns ten numbers into ten probabilities?",
      );
}

/** Judges whether outputs are logits, so that no softmax has been taken. */
export function judgeLogits(model: tf.LayersModel): Finding {
  const { sums } = outputsOf(model);
  return sums.some((sum) => Math.abs(sum - 1) > 1e-3)
    ? right("The outputs are logits: they do not add up to 1.")
    : wrong(
        "The outputs of every image add up to 1, so a softmax has been taken already.",
        "The loss will take the softmax. What should the last layer do?",
      );
}

/** Judges whether a model with probabilities or logits is compiled for class numbers as labels. */
export function judgeCompiled(
  model: tf.LayersModel,
  outputs: "probabilities" | "logits",
): Finding {
  if (model.optimizer === undefined) {
    return wrong(
      "The model has not been compiled.",
      "Which method sets optimizer, loss and metrics?",
    );
  }
  const count = 40;
  const images = fixedImages(model, count);
  const labels = fixedLabels(count);
  try {
    const expected = crossEntropy(model, images, labels, outputs);
    const found = evaluate(model, images, labels, { batchSize: count });
    if (!(Math.abs(found.loss - expected) < 0.01 * expected)) {
      return wrong(
        `On fixed images the loss is ${found.loss.toFixed(3)}; the cross-entropy is ${expected.toFixed(3)}.`,
        "Which loss compares class numbers with what the last layer gives?",
      );
    }
    if (model.metricsNames.length < 2) {
      return wrong(
        "The loss is right, but no metric is reported.",
        "Which option names what is reported beside the loss?",
      );
    }
    return right(
      `On fixed images the loss is the cross-entropy, ${expected.toFixed(3)}.`,
    );
  } catch (error) {
    return wrong(
      `Computing the loss of fixed images ends in an error: ${messageOf(error)}`,
      "Labels are class numbers, one per image. Does the loss take those?",
    );
  } finally {
    tf.dispose([images, labels]);
  }
}

/**
 * Judges whether a model can learn: its loss on 32 fixed images has to fall in 30 steps of Adam.
 * The weights are as before afterwards.
 */
export function judgeLearning(
  model: tf.LayersModel,
  outputs: "probabilities" | "logits",
): Finding {
  return keepingWeights(model, () => judgeFallingLoss(model, outputs));
}

function judgeFallingLoss(
  model: tf.LayersModel,
  outputs: "probabilities" | "logits",
): Finding {
  const images = fixedImages(model, 32);
  const labels = fixedLabels(32);
  const optimizer = tf.train.adam(0.003);
  const loss = () => crossEntropyOf(model, images, labels, outputs);
  try {
    const first = tf.tidy(() => loss().dataSync()[0]!);
    for (let step = 0; step < 30; step++) {
      optimizer.minimize(loss, false, trainable(model));
    }
    const last = tf.tidy(() => loss().dataSync()[0]!);
    const seen = `In 30 steps on fixed images the loss goes from ${first.toFixed(3)} to ${last.toFixed(3)}.`;
    return last < first - 0.02
      ? right(seen)
      : wrong(
          seen,
          "Can a gradient reach the first layer? Look at activations and at frozen layers.",
        );
  } finally {
    tf.dispose([images, labels]);
    optimizer.dispose();
  }
}

/** Calls a judge that changes the weights of a model, and puts the weights back. */
export function keepingWeights(
  model: tf.LayersModel,
  judge: (weights: readonly tf.Tensor[]) => Finding,
): Finding {
  const before = model.getWeights().map((weight) => tf.clone(weight));
  try {
    return judge(before);
  } finally {
    model.setWeights(before);
    tf.dispose(before);
  }
}

/** Judges the accuracy of a trained model on given images. */
export function judgeTrained(
  model: tf.LayersModel,
  images: tf.Tensor,
  labels: tf.Tensor,
  least: number,
): Finding {
  const truth = labels.dataSync();
  const found = predictedClasses(model, images);
  const correct = Array.from(found.data).filter(
    (predicted, index) => predicted === truth[index],
  ).length;
  const accuracy = correct / truth.length;
  const seen = `The accuracy on ${truth.length} images is ${accuracy.toFixed(3)}.`;
  return accuracy >= least
    ? right(seen)
    : wrong(
        seen,
        `At least ${least} is expected. Did the training loss fall? Were these images scaled like those of the training?`,
      );
}

/** Runs judgments in order, and returns the first that is wrong, or the last. */
export function inOrder(...judgments: readonly (() => Finding)[]): Finding {
  let finding: Finding = right("");
  for (const judge of judgments) {
    finding = judge();
    if (!finding.isRight) break;
  }
  return finding;
}

/** Returns the message of an error, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!;
}

function outputsOf(model: tf.LayersModel): {
  readonly sums: readonly number[];
  readonly smallest: number;
} {
  return tf.tidy(() => {
    const outputs = model.predict(fixedImages(model, 4)) as tf.Tensor;
    return {
      sums: [...outputs.sum(-1).dataSync()],
      smallest: outputs.min().dataSync()[0]!,
    };
  });
}

function crossEntropy(
  model: tf.LayersModel,
  images: tf.Tensor,
  labels: tf.Tensor2D,
  outputs: "probabilities" | "logits",
): number {
  return tf.tidy(
    () => crossEntropyOf(model, images, labels, outputs).dataSync()[0]!,
  );
}

function crossEntropyOf(
  model: tf.LayersModel,
  images: tf.Tensor,
  labels: tf.Tensor2D,
  outputs: "probabilities" | "logits",
): tf.Scalar {
  return tf.tidy(() => {
    const result = model.apply(images, { training: false }) as tf.Tensor;
    const logarithms =
      outputs === "logits" ? tf.logSoftmax(result) : result.add(1e-7).log();
    const classes = tf.oneHot(tf.cast(labels.flatten(), "int32"), 10);
    return tf.neg(logarithms.mul(classes).sum(-1).mean());
  });
}

function trainable(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}
