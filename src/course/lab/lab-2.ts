/**
 * Checks of lab 2: validation images, curves and confusions of clothes.
 */
import type { NdArray } from "../../data/nd-array";
import type { Split } from "../../data/split";
import type { ConfusionMatrix } from "../../training/confusion-matrix";
import type { History } from "../../training/history";
import { right, wrong, type Finding } from "./finding";

/** Images and labels. */
type Part = Pick<Split, "images" | "labels">;

export const lab2 = {
  /** The first twelfth of the training images is set aside. */
  "lab-2/validation": (validation: Part, train: Part, all: Part) =>
    judgeValidation(validation, train, all),

  /** The epoch, from 1, with the smallest validation loss. */
  "lab-2/best-epoch": (answer: number, history: History) =>
    judgeBestEpoch(answer, history),

  /** The true and the predicted class of the most frequent confusion. */
  "lab-2/confused": (
    answer: readonly [truth: string, prediction: string],
    matrix: ConfusionMatrix,
  ) => judgeConfused(answer, matrix),
};

function judgeValidation(validation: Part, train: Part, all: Part): Finding {
  const [total, aside, left] = [all, validation, train].map(
    ({ images }) => images.shape[0] ?? 0,
  ) as [number, number, number];
  const seen = `${aside} images are set aside, ${left} of ${total} are left.`;
  if (aside + left !== total) {
    return wrong(
      seen,
      "Every image belongs to one of the two parts, and none to both.",
    );
  }
  if (aside !== Math.round(total / 12)) {
    return wrong(seen, "A twelfth is to be set aside. Which of the two is it?");
  }
  const counts = [validation, train].map(({ labels }) => labels.shape[0] ?? 0);
  if (counts[0] !== aside || counts[1] !== left) {
    return wrong(
      `${seen} They have ${counts[0]} and ${counts[1]} labels.`,
      "Images and labels are cut at the same position.",
    );
  }
  const inPlace =
    isSlice(validation.images, all.images, 0, aside) &&
    isSlice(train.images, all.images, aside, left);
  if (!inPlace) {
    return wrong(
      `${seen} The two parts are not the first images and the rest, in the same order and shape.`,
      "By position: where does the first part end, and where does the second begin?",
    );
  }
  const labeled =
    isSlice(validation.labels, all.labels, 0, aside) &&
    isSlice(train.labels, all.labels, aside, left);
  return labeled
    ? right(seen)
    : wrong(
        `${seen} The labels belong to other images.`,
        "Images and labels are cut at the same position.",
      );
}

/** Whether an array has a number of another one's samples, from one of them on. */
function isSlice(
  part: NdArray,
  whole: NdArray,
  from: number,
  count: number,
): boolean {
  const [total = 1, ...sample] = whole.shape;
  const size = whole.data.length / total;
  const expected = whole.data.subarray(from * size, (from + count) * size);
  return (
    part.shape.join() === [count, ...sample].join() &&
    part.data.every((value, at) => value === expected[at])
  );
}

function judgeBestEpoch(answer: number, history: History): Finding {
  const losses = history.val_loss;
  if (!Number.isInteger(answer) || answer < 1 || answer > losses.length) {
    return wrong(
      `The answer is ${answer}; the epochs are 1 to ${losses.length}.`,
      "Arrays begin at index 0, epochs at 1.",
    );
  }
  const loss = losses[answer - 1]!;
  const smallest = Math.min(...losses);
  return loss === smallest
    ? right(`After epoch ${answer} the validation loss is ${loss.toFixed(4)}.`)
    : wrong(
        `After epoch ${answer} the validation loss is ${loss.toFixed(4)}; the smallest is ${smallest.toFixed(4)}.`,
        "Is the answer an index or an epoch? And is it taken from the validation loss?",
      );
}

function judgeConfused(
  answer: readonly [string, string],
  matrix: ConfusionMatrix,
): Finding {
  const [row, column] = answer.map((name) => matrix.classNames.indexOf(name));
  if (row === undefined || column === undefined || row < 0 || column < 0) {
    return wrong(
      `The answer is ${answer.map((name) => `"${name}"`).join(", ")}.`,
      `Names of two classes are expected, such as "${matrix.classNames[0]}".`,
    );
  }
  if (row === column) {
    return wrong(
      `The answer names "${answer[0]}" twice.`,
      "What is on the diagonal is right, not confused.",
    );
  }
  const count = matrix.counts[row]![column]!;
  const most = Math.max(
    ...matrix.counts.flatMap((counts, truth) =>
      counts.filter((_, prediction) => prediction !== truth),
    ),
  );
  return count === most
    ? right(
        `${count} images of the class "${answer[0]}" were taken for "${answer[1]}".`,
      )
    : wrong(
        `${count} images of the class "${answer[0]}" were taken for "${answer[1]}"; another confusion happened ${most} times.`,
        "Rows are the true classes, columns the predicted ones. Is the order right?",
      );
}
