/**
 * Checks of the exercises of lesson 4.
 */
import type { tf } from "../../engine/tensorflow";
import type { ConfusionMatrix } from "../../training/confusion-matrix";
import { right, wrong, type Finding } from "./finding";
import { judgeLearning } from "./judge-learning";
import {
  inOrder,
  judgeOutputShape,
  judgeProbabilities,
  layersOf,
} from "./judge-model";
import { weightedSum } from "./weighted-sum";

/** Number of positions of a kernel along one side of an image. */
type PositionCount = (
  size: number,
  kernel: number,
  stride: number,
  padding: "valid" | "same",
) => number;

/** Parameters that the smaller model may have. */
const mostParameters = 300_000;

export const lesson4 = {
  /** A kernel that finds edges from bright to dark, read from left to right. */
  "lesson-4/kernel": (kernel: readonly (readonly number[])[]) =>
    judgeKernel(kernel),

  /** The size of a convolution's output. */
  "lesson-4/output-size": (count: PositionCount) => judgePositions(count),

  /** A model like the lesson's, with less than a third of its parameters. */
  "lesson-4/smaller-model": (model: tf.LayersModel) =>
    inOrder(
      () => judgeSize(model),
      () =>
        judgeOutputShape(
          model,
          [null, 10],
          "Ten numbers are expected for each image. What does the last layer give?",
        ),
      () => judgeConvolutions(model),
      () => judgeProbabilities(model),
      () => judgeLearning(model, "probabilities"),
    ),

  /** The precision of each class. */
  "lesson-4/precision": (
    precision: readonly number[],
    matrix: ConfusionMatrix,
  ) => judgePrecision(precision, matrix),
};

function judgeKernel(kernel: readonly (readonly number[])[]): Finding {
  const sides = [kernel.length, ...kernel.map((row) => row.length)];
  if (sides.some((side) => side !== 3)) {
    return wrong(
      `The kernel has ${kernel.length} rows of ${kernel.map((row) => row.length).join(", ")} weights.`,
      "Three rows of three weights are expected.",
    );
  }
  const at = (image: readonly number[][]) => weightedSum(kernel, image);
  const sum = at(imageOf(() => 1));
  if (Math.abs(sum) > 1e-6) {
    return wrong(
      `On a surface of ones the kernel gives ${Number(sum.toFixed(4))}.`,
      "Where nothing changes, nothing is to be found. What must the weights add up to?",
    );
  }
  const toDark = at(imageOf((_, x) => (x < 2 ? 1 : 0)));
  const toBright = at(imageOf((_, x) => (x < 2 ? 0 : 1)));
  const seen = `An edge from bright to dark gives ${Number(toDark.toFixed(4))}, the opposite edge ${Number(toBright.toFixed(4))}.`;
  if (!(toDark > 1e-6)) {
    return wrong(
      seen,
      "The first number is to be positive. Which side of the window has to count for, and which against?",
    );
  }
  const lying = [
    at(imageOf((y) => (y < 2 ? 1 : 0))),
    at(imageOf((y) => (y < 2 ? 0 : 1))),
  ];
  if (lying.some((value) => Math.abs(value) > 1e-6)) {
    return wrong(
      `A horizontal edge gives ${lying.map((value) => Number(value.toFixed(4))).join(" or ")}.`,
      "Such an edge is to give 0. What must each row of weights add up to?",
    );
  }
  return right(seen);
}

/** An image of 3 × 3 pixels. */
function imageOf(pixel: (y: number, x: number) => number): number[][] {
  return [0, 1, 2].map((y) => [0, 1, 2].map((x) => pixel(y, x)));
}

function judgePositions(count: PositionCount): Finding {
  const cases = [
    [32, 3, 1, "valid"],
    [32, 3, 1, "same"],
    [32, 2, 2, "valid"],
    [7, 3, 2, "valid"],
    [6, 3, 2, "valid"],
    [6, 3, 2, "same"],
    [7, 3, 2, "same"],
    [28, 5, 3, "valid"],
    [28, 5, 3, "same"],
  ] as const;
  for (const [size, kernel, stride, padding] of cases) {
    const found = count(size, kernel, stride, padding);
    const expected =
      padding === "same"
        ? Math.ceil(size / stride)
        : Math.floor((size - kernel) / stride) + 1;
    if (found !== expected) {
      return wrong(
        `For ${size} pixels, a kernel of ${kernel}, stride ${stride} and padding "${padding}" the answer is ${found}; a layer gives ${expected}.`,
        padding === "same"
          ? "With zeros around the image, does the size of the kernel matter? And what happens to a last position that is only partly on the image?"
          : "The first position is at 0. How many steps of the stride fit after it, and what becomes of the rest?",
      );
    }
  }
  return right(`All ${cases.length} sizes are those that a layer gives.`);
}

function judgeSize(model: tf.LayersModel): Finding {
  const count = model.countParams();
  const seen = `The model has ${count.toLocaleString("en-US")} parameters.`;
  return count <= mostParameters
    ? right(seen)
    : wrong(
        seen,
        `At most ${mostParameters.toLocaleString("en-US")} are allowed. Which layer has most of them, and what does it depend on?`,
      );
}

function judgeConvolutions(model: tf.LayersModel): Finding {
  const count = layersOf(model).filter(
    (layer) => layer.getClassName() === "Conv2D",
  ).length;
  const shape = model.inputs[0]!.shape.slice(1).join(" × ");
  if (shape !== "32 × 32 × 3") {
    return wrong(
      `The model takes inputs of ${shape}.`,
      "Images of CIFAR-10 have 32 × 32 pixels of three channels.",
    );
  }
  return count >= 2
    ? right(`The model has ${count} convolutions.`)
    : wrong(
        `The number of convolutions is ${count}.`,
        "Both convolutions are to stay. Where else can parameters be saved?",
      );
}

function judgePrecision(
  precision: readonly number[],
  { counts, classNames }: ConfusionMatrix,
): Finding {
  if (precision.length !== classNames.length) {
    return wrong(
      `There are ${precision.length} numbers for ${classNames.length} classes.`,
      "One number for each class is expected, in the order of the classes.",
    );
  }
  for (const [index, name] of classNames.entries()) {
    const named = counts.reduce((sum, row) => sum + row[index]!, 0);
    const correct = counts[index]![index]!;
    const expected = named === 0 ? 0 : correct / named;
    const found = precision[index]!;
    // Not `>`: NaN is wrong too.
    if (!(Math.abs(found - expected) < 1e-6)) {
      return wrong(
        `For ${name} the answer is ${Number(found.toFixed(4))}; the model names it ${named} times, ${correct} of them rightly.`,
        named === 0
          ? "Dividing by 0 gives no number. What is asked for in this case?"
          : "Which counts belong to images that the model gives this name, those of a row or those of a column?",
      );
    }
  }
  return right("Each number is the diagonal divided by the sum of its column.");
}
