/**
 * Judges how models learn: loss, metric, optimizer, and a loss that falls.
 */
import { tf } from "../../engine/tensorflow";
import { evaluate, type Evaluation } from "../../training/evaluate";
import { right, wrong, type Finding } from "./finding";
import { fixedImages, fixedLabels } from "./fixed-images";
import { messageOf } from "./judge-model";
import {
  keepingWeights,
  scaleLastKernel,
  setSmallWeights,
} from "./trial-weights";

/** The range of learning rates that is accepted for Adam; its default is 0.001. */
const learningRates = [1e-5, 0.05] as const;

/**
 * Judges whether a model with probabilities or logits is compiled with Adam, with the cross-entropy
 * for class numbers as labels, and with the accuracy. The check uses weights of its own and
 * restores the model's.
 */
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
  const images = fixedImages(model, 40);
  const labels = fixedLabels(40);
  try {
    return keepingWeights(model, () => {
      setSmallWeights(model);
      spreadOutputs(model, images, outputs);
      return judgeLoss(model, images, labels, outputs);
    });
  } catch (error) {
    return wrong(
      `Computing the loss of fixed images ends in an error: ${messageOf(error)}`,
      "Labels are class numbers, one per image. Does the loss take those?",
    );
  } finally {
    tf.dispose([images, labels]);
  }
}

function judgeLoss(
  model: tf.LayersModel,
  images: tf.Tensor,
  labels: tf.Tensor2D,
  outputs: "probabilities" | "logits",
): Finding {
  const found = evaluate(model, images, labels, { batchSize: labels.shape[0] });
  const expected = tf.tidy(
    () => crossEntropyOf(model, images, labels, outputs).dataSync()[0]!,
  );
  if (!(Math.abs(found.loss - expected) < 0.01 * expected)) {
    return wrong(
      `On fixed images the loss is ${found.loss.toFixed(3)}; the cross-entropy is ${expected.toFixed(3)}.`,
      "Which loss compares class numbers with what the last layer gives?",
    );
  }
  const metric = judgeMetric(found);
  if (!metric.isRight) return metric;
  const optimizer = judgeOptimizer(model.optimizer);
  if (!optimizer.isRight) return optimizer;
  return right(
    `On fixed images the loss is the cross-entropy, ${found.loss.toFixed(3)}.`,
  );
}

/** Judges whether the accuracy is reported, under this name: later cells plot it. */
function judgeMetric(found: Evaluation): Finding {
  const names = Object.keys(found).filter((name) => name !== "loss");
  if (names.length === 0) {
    return wrong(
      "The loss is right, but no metric is reported.",
      "Which option names what is reported beside the loss?",
    );
  }
  return names.includes("accuracy")
    ? right("The accuracy is reported.")
    : wrong(
        `The loss is right. The metrics reported are ${names.join(", ")}.`,
        "The cells below need the accuracy under the name that the text uses. Which name is that?",
      );
}

function judgeOptimizer(optimizer: tf.Optimizer): Finding {
  const name = optimizer.getClassName();
  if (name !== "Adam" && name !== "KerasAdam") {
    return wrong(
      `The optimizer is ${name}.`,
      "Which optimizer does the text name?",
    );
  }
  const [least, most] = learningRates;
  const { learningRate } = optimizer as { learningRate?: unknown };
  return typeof learningRate === "number" &&
    !(learningRate >= least && learningRate <= most)
    ? wrong(
        `The learning rate is ${learningRate}.`,
        "Adam has a default learning rate. How does yours compare with it?",
      )
    : right(`The optimizer is ${name}.`);
}

/**
 * Judges whether a model can learn: its loss on 32 fixed images has to fall in 30 steps of Adam.
 * Starts from small weights, so that an earlier training has no influence, and restores the
 * model's.
 */
export function judgeLearning(
  model: tf.LayersModel,
  outputs: "probabilities" | "logits",
): Finding {
  return keepingWeights(model, () => {
    setSmallWeights(model);
    return judgeFallingLoss(model, outputs);
  });
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

/**
 * Scales the last kernel so that the logits of an image differ by up to 6: if all probabilities are
 * about 0.1, different losses have the same value.
 */
function spreadOutputs(
  model: tf.LayersModel,
  images: tf.Tensor,
  outputs: "probabilities" | "logits",
): void {
  const spread = tf.tidy(() => {
    const values = logarithmsOf(model, images, outputs);
    return values.max(-1).sub(values.min(-1)).max().dataSync()[0]!;
  });
  if (spread > 0) scaleLastKernel(model, 6 / spread);
}

function crossEntropyOf(
  model: tf.LayersModel,
  images: tf.Tensor,
  labels: tf.Tensor2D,
  outputs: "probabilities" | "logits",
): tf.Scalar {
  return tf.tidy(() => {
    const classes = tf.oneHot(tf.cast(labels.flatten(), "int32"), 10);
    const logarithms = logarithmsOf(model, images, outputs);
    return tf.neg(logarithms.mul(classes).sum(-1).mean());
  });
}

/** Returns the logarithms of the probabilities, of shape (images, 10). */
function logarithmsOf(
  model: tf.LayersModel,
  images: tf.Tensor,
  outputs: "probabilities" | "logits",
): tf.Tensor {
  const result = model.apply(images, { training: false }) as tf.Tensor;
  return outputs === "logits" ? tf.logSoftmax(result) : result.add(1e-7).log();
}

function trainable(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}
