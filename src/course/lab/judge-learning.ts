/**
 * Judges how models learn: loss, metric, optimizer, and a loss that falls.
 */
import { tf } from "../../engine/tensorflow";
import { evaluate, type Evaluation } from "../../training/evaluate";
import { right, wrong, type Finding } from "./finding";
import { fixedImages, fixedLabels } from "./fixed-images";
import { messageOf } from "./judge-model";
import { keepingWeights } from "./keeping-weights";

/** Learning rates of Adam that a text may mean; 0.001 is the default. */
const learningRates = [1e-5, 0.05] as const;

/**
 * Judges whether a model with probabilities or logits is compiled with Adam, with the cross-entropy
 * for class numbers as labels, and with the accuracy. Its weights do not matter, and stay.
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
        `The loss is right. What is reported beside it is ${names.join(", ")}.`,
        "Which metric is the share of images that are classified correctly?",
      );
}

function judgeOptimizer(optimizer: tf.Optimizer): Finding {
  const name = optimizer.getClassName();
  if (!name.startsWith("Adam")) {
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
        "Adam has a learning rate of its own if none is named. How large is yours compared with lesson 1's?",
      )
    : right(`The optimizer is ${name}.`);
}

/**
 * Judges whether a model can learn: its loss on 32 fixed images has to fall in 30 steps of Adam,
 * from small weights, whatever a training has made of them. They are as before afterwards.
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

/** Draws the kernels that are trained as Keras does by default, and sets biases to 0. */
function setSmallWeights(model: tf.LayersModel): void {
  tf.tidy(() => {
    for (const [seed, weight] of model.trainableWeights.entries()) {
      const shape = weight.shape as number[];
      if (shape.length > 1) {
        const initializer = tf.initializers.glorotUniform({ seed: seed + 1 });
        weight.write(initializer.apply(shape));
      } else if (!weight.originalName.endsWith("gamma")) {
        weight.write(tf.zeros(shape));
      }
    }
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
