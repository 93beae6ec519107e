/**
 * Right and wrong answers to the exercises of lesson 4.
 */
import { check } from "../../../src/course/lab";
import type { lesson4 } from "../../../src/course/lab/lesson-4";
import { tf } from "../../../src/engine/tensorflow";
import { ConfusionMatrix } from "../../../src/training/confusion-matrix";
import type { Answers } from "./answers";

const { layers } = tf;

const kernel = (weights: number[][]) => () => check("lesson-4/kernel", weights);

type Padding = "valid" | "same";
const sizes =
  (
    answer: (
      size: number,
      kernel: number,
      stride: number,
      padding: Padding,
    ) => number,
  ) =>
  () =>
    check("lesson-4/output-size", answer);

const convolution = (more: object = {}) =>
  layers.conv2d({
    filters: 32,
    kernelSize: 3,
    padding: "same",
    activation: "relu",
    ...more,
  });
const first = () => convolution({ inputShape: [32, 32, 3] });
const pooling = (poolSize = 2) => layers.maxPooling2d({ poolSize });
const hidden = (units: number) => layers.dense({ units, activation: "relu" });
const probabilities = () => layers.dense({ units: 10, activation: "softmax" });

const smaller =
  (...parts: (() => tf.layers.Layer)[]) =>
  () =>
    check(
      "lesson-4/smaller-model",
      tf.sequential({ layers: parts.map((part) => part()) }),
    );

const matrix = new ConfusionMatrix(
  [
    [8, 2, 0],
    [4, 6, 0],
    [1, 9, 0],
  ],
  ["cat", "dog", "bird"],
);
const total = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0);
const column = (at: number) => total(matrix.counts.map((row) => row[at]!));
const perClass = (answer: (at: number) => number) => () =>
  check(
    "lesson-4/precision",
    matrix.classNames.map((_, at) => answer(at)),
    matrix,
  );
const correct = (at: number) => matrix.counts[at]![at]!;

export const lesson4Answers: Readonly<Record<keyof typeof lesson4, Answers>> = {
  "lesson-4/kernel": {
    right: {
      "the lesson's kernel, mirrored": kernel([
        [1, 0, -1],
        [1, 0, -1],
        [1, 0, -1],
      ]),
      "the middle row only": kernel([
        [0, 0, 0],
        [0.5, 0, -0.5],
        [0, 0, 0],
      ]),
      Sobel: kernel([
        [1, 0, -1],
        [2, 0, -2],
        [1, 0, -1],
      ]),
    },
    wrong: {
      "the lesson's kernel": [
        kernel([
          [-1, 0, 1],
          [-1, 0, 1],
          [-1, 0, 1],
        ]),
        /bright to dark gives -3, the opposite edge 3/,
      ],
      "edges from top to bottom": [
        kernel([
          [1, 1, 1],
          [0, 0, 0],
          [-1, -1, -1],
        ]),
        /bright to dark gives 0/,
      ],
      "slanting edges": [
        kernel([
          [2, 1, 0],
          [1, 0, -1],
          [0, -1, -2],
        ]),
        /A horizontal edge gives/,
      ],
      "weights that add up to more than 0": [
        kernel([
          [1, 1, -1],
          [1, 1, -1],
          [1, 1, -1],
        ]),
        /surface of ones the kernel gives 3/,
      ],
      "a row": [kernel([[1, 0, -1]]), /1 rows of 3/],
    },
  },
  "lesson-4/output-size": {
    right: {
      formulas: sizes((size, window, stride, padding) =>
        padding === "same"
          ? Math.ceil(size / stride)
          : Math.floor((size - window) / stride) + 1,
      ),
      "by counting": sizes((size, window, stride, padding) => {
        let count = 0;
        const end = padding === "same" ? size : size - window + 1;
        for (let left = 0; left < end; left += stride) count += 1;
        return count;
      }),
    },
    wrong: {
      "no position at 0": [
        sizes((size, window, stride) => Math.floor((size - window) / stride)),
        /the answer is 29; a layer gives 30/,
      ],
      "valid whatever is asked": [
        sizes((size, window, stride) =>
          Math.floor((size - window) / stride + 1),
        ),
        /the answer is 30; a layer gives 32/,
      ],
      "not rounded": [
        sizes((size, window, stride, padding) =>
          padding === "same" ? size / stride : (size - window) / stride + 1,
        ),
        /the answer is 2\.5; a layer gives 2/,
      ],
      "rounded down with zeros": [
        sizes((size, window, stride, padding) =>
          padding === "same"
            ? Math.floor(size / stride)
            : Math.floor((size - window) / stride) + 1,
        ),
        /the answer is 3; a layer gives 4/,
      ],
    },
  },
  "lesson-4/smaller-model": {
    right: {
      "a second pooling": smaller(
        first,
        pooling,
        convolution,
        pooling,
        layers.flatten,
        () => hidden(128),
        probabilities,
      ),
      "a smaller dense layer": smaller(
        first,
        convolution,
        pooling,
        () => layers.dropout({ rate: 0.5 }),
        layers.flatten,
        () => hidden(32),
        probabilities,
      ),
      "the mean of each map": smaller(
        first,
        pooling,
        convolution,
        () => layers.globalAveragePooling2d({}),
        probabilities,
      ),
    },
    wrong: {
      "the lesson's model": [
        smaller(
          first,
          convolution,
          pooling,
          layers.flatten,
          () => hidden(128),
          probabilities,
        ),
        /1,060,138 parameters/,
      ],
      "one convolution": [
        smaller(first, () => pooling(4), layers.flatten, probabilities),
        /number of convolutions is 1/,
      ],
      "no flatten": [
        smaller(first, convolution, pooling, probabilities),
        /\(None, 16, 16, 10\)/,
      ],
      "no softmax": [
        smaller(first, pooling, convolution, pooling, layers.flatten, () =>
          layers.dense({ units: 10 }),
        ),
        /add up to/,
      ],
      "images with one channel": [
        smaller(
          () => convolution({ inputShape: [32, 32, 1] }),
          convolution,
          () => pooling(4),
          layers.flatten,
          probabilities,
        ),
        /inputs of 32 × 32 × 1/,
      ],
    },
  },
  "lesson-4/precision": {
    right: {
      "by column": perClass((at) =>
        column(at) === 0 ? 0 : correct(at) / column(at),
      ),
      "with a default for no number": perClass(
        (at) => correct(at) / column(at) || 0,
      ),
    },
    wrong: {
      "recall, by row": [
        perClass((at) => correct(at) / total(matrix.counts[at]!)),
        /For cat the answer is 0\.8; the model names it 13 times/,
      ],
      "a share of all images": [
        perClass((at) => correct(at) / 30),
        /For cat the answer is 0\.2667/,
      ],
      "division by 0": [
        perClass((at) => correct(at) / column(at)),
        /For bird the answer is NaN.*Dividing by 0/,
      ],
      "one number for all": [
        () => check("lesson-4/precision", [14 / 30], matrix),
        /1 numbers for 3 classes/,
      ],
    },
  },
};
