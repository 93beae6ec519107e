/**
 * Checks of the exercises of lesson 1.
 */
import { tf } from "../../engine/tensorflow";
import { right, wrong, type Finding } from "./finding";
import { judgeLearning } from "./judge-learning";
import {
  inOrder,
  judgeInputShape,
  judgeOutputShape,
  judgeParameters,
  judgeProbabilities,
} from "./judge-model";
import { judgeNetwork } from "./judge-network";
import { weightedSum } from "./weighted-sum";

/** The loss of one image, from its logits and the number of its class. */
type LossOfImage = (logits: number[], label: number) => number;

export const lesson1 = {
  /** A kernel of 3 × 3 that finds horizontal edges and nothing else. */
  "lesson-1/horizontal-edges": (kernel: readonly (readonly number[])[]) =>
    judgeHorizontalEdges(kernel),

  /** The network of the lesson, whose convolutions keep height and width. */
  "lesson-1/same-padding": (model: tf.LayersModel) =>
    inOrder(
      () =>
        judgeInputShape(
          model,
          [[32, 32, 3]],
          "What is the shape of one image of this lesson?",
        ),
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers for each image are expected, one for each class.",
        ),
      () =>
        judgeParameters(
          model,
          319_178,
          "Each of the three convolutions keeps height and width, each of the two poolings halves them. How many values does flatten get?",
        ),
      () => judgeProbabilities(model),
      () =>
        judgeNetwork(
          model,
          paddedNetwork(),
          "All other layers are as in the lesson. Compare activations and poolings.",
        ),
      () => judgeLearning(model, "probabilities"),
    ),

  /** The cross-entropy of one image, computed from logits of any size. */
  "lesson-1/loss": (lossOf: LossOfImage) => judgeLoss(lossOf),
};

function paddedNetwork(): tf.layers.Layer[] {
  const options = {
    kernelSize: 3,
    padding: "same",
    activation: "relu",
  } as const;
  const convolution = (filters: number) =>
    tf.layers.conv2d({ ...options, filters });
  const pooling = () => tf.layers.maxPooling2d({ poolSize: 2 });
  return [
    convolution(32),
    pooling(),
    convolution(64),
    pooling(),
    convolution(64),
    tf.layers.flatten(),
    tf.layers.dense({ units: 64, activation: "relu" }),
    tf.layers.dense({ units: 10, activation: "softmax" }),
  ];
}

const dark = [0, 0, 0, 0, 0, 0];
const bright = [9, 9, 9, 9, 9, 9];
const plain = Array.from({ length: 6 }, () => bright);
const horizontalEdge = [dark, dark, dark, bright, bright, bright];
const verticalEdge = Array.from({ length: 6 }, () => [0, 0, 0, 9, 9, 9]);

function judgeHorizontalEdges(kernel: readonly (readonly number[])[]): Finding {
  const is3by3 = kernel.length === 3 && kernel.every((row) => row.length === 3);
  if (!is3by3 || !kernel.flat().every(Number.isFinite)) {
    return wrong(
      `The kernel is ${JSON.stringify(kernel)}.`,
      "Three rows of three numbers are expected.",
    );
  }
  const [onPlain, onVertical, onHorizontal] = [
    plain,
    verticalEdge,
    horizontalEdge,
  ].map((image) => strongest(image, kernel)) as [number, number, number];
  if (onPlain > 1e-6) {
    return wrong(
      `On an image of one brightness the result is ${rounded(onPlain)}.`,
      "Where nothing changes, the weights have to cancel each other out. What is their sum?",
    );
  }
  if (onVertical > 1e-6) {
    return wrong(
      `On a vertical edge the largest result is ${rounded(onVertical)}.`,
      "A vertical edge changes from left to right. In which direction does this kernel compare pixels?",
    );
  }
  return onHorizontal > 1e-6
    ? right(
        `On a horizontal edge the largest result is ${rounded(onHorizontal)}; on a vertical edge and on plain areas it is 0.`,
      )
    : wrong(
        "On a horizontal edge the result is 0 everywhere.",
        "Compare what is above the edge with what is below it.",
      );
}

/** Returns the largest result of a convolution, regardless of its sign. */
function strongest(
  image: readonly (readonly number[])[],
  kernel: readonly (readonly number[])[],
): number {
  const places = [0, 1, 2, 3];
  return Math.max(
    ...places.flatMap((top) =>
      places.map((left) => Math.abs(weightedSum(kernel, image, top, left))),
    ),
  );
}

/** Logits, the class, and the loss, from small to large logits. */
const losses: readonly (readonly [number[], number, number])[] = [
  [[2, 1, 0], 0, Math.log(1 + Math.exp(-1) + Math.exp(-2))],
  [[2, 1, 0], 2, 2 + Math.log(1 + Math.exp(-1) + Math.exp(-2))],
  [Array.from({ length: 10 }, () => 0), 3, Math.log(10)],
  [[1000, 0, -1000], 0, 0],
  [[1000, 0, -1000], 1, 1000],
  [[-1000, -1000], 1, Math.log(2)],
];

function judgeLoss(lossOf: LossOfImage): Finding {
  for (const [logits, label, expected] of losses) {
    const given: unknown = lossOf([...logits], label);
    if (typeof given === "number" && near(given, expected)) continue;
    return wrong(
      `For the logits ${logits.join(", ")} and class ${label} the function returns ${typeof given === "number" ? rounded(given) : String(given)}; the loss is ${rounded(expected)}.`,
      adviceOnLoss(given, logits, expected),
    );
  }
  return right(
    `The loss is right for ${losses.length} lists of logits, including very large and very small ones.`,
  );
}

function adviceOnLoss(
  given: unknown,
  logits: readonly number[],
  expected: number,
): string {
  if (typeof given !== "number") return "The loss is one number.";
  if (logits.some((logit) => Math.abs(logit) > 700)) {
    return "The exponential of such a logit is too large or too small for a number. What can be subtracted from all logits without changing the loss?";
  }
  if (near(given, -expected)) {
    return "A loss is never negative. Which sign has the logarithm of a probability?";
  }
  return near(given, Math.exp(-expected))
    ? "This is the probability of the class. How does the loss follow from it?"
    : "Compare with the formula: which logit is subtracted, and what is summed before the logarithm is taken?";
}

const near = (value: number, expected: number) =>
  Math.abs(value - expected) <= 1e-4 * Math.max(1, Math.abs(expected));

/** A number with four decimals at most. */
const rounded = (value: number) => String(Number(value.toFixed(4)));
