/**
 * Right and wrong answers to the exercises of lesson 0.
 */
import type { lesson0 } from "../../../src/course/lab/lesson-0";
import { check } from "../../../src/course/lab";
import { tf } from "../../../src/engine/tensorflow";
import type { Answers } from "./answers";

const { layers } = tf;

const normalized = (normalize: (x: tf.Tensor4D) => tf.Tensor) => () =>
  check("lesson-0/normalize", normalize);

/** Normalizes over the given axes, with the given addition to the variance. */
const over =
  (axes: number[], epsilon = 1e-3) =>
  (x: tf.Tensor4D) => {
    const { mean, variance } = tf.moments(x, axes, true);
    return x.sub(mean).div(variance.add(epsilon).sqrt());
  };

const counted = (count: (outputs: tf.Tensor2D) => number) => () =>
  check("lesson-0/dead-units", count);

const zeros = (outputs: tf.Tensor, axis?: number) =>
  outputs.max(axis).equal(0).sum().dataSync()[0]!;

interface Form {
  /** Which of the three convolutions have a pooling after them. */
  readonly pooled?: readonly boolean[];
  readonly l2?: number;
  readonly rate?: number;
  readonly hidden?: boolean;
  readonly classes?: number;
  readonly activation?: "softmax";
}

const smaller = (form: Form) => () => {
  const { pooled = [true, true, true], l2 = 0.01, rate = 0.5 } = form;
  const { hidden = true, classes = 10, activation } = form;
  const kernelRegularizer =
    l2 > 0 ? { kernelRegularizer: tf.regularizers.l2({ l2 }) } : {};
  const filters = [32, 64, 128];
  const model = tf.sequential({
    layers: [
      layers.inputLayer({ inputShape: [32, 32, 3] }),
      ...filters.flatMap((count, index) => [
        layers.conv2d({
          filters: count,
          kernelSize: 3,
          padding: "same",
          ...kernelRegularizer,
        }),
        layers.batchNormalization(),
        layers.reLU(),
        ...(pooled[index] ? [layers.maxPooling2d({})] : []),
      ]),
      layers.flatten(),
      ...(hidden
        ? [
            layers.dense({
              units: 64,
              activation: "relu",
              ...kernelRegularizer,
            }),
          ]
        : []),
      ...(rate > 0 ? [layers.dropout({ rate })] : []),
      layers.dense({
        units: classes,
        ...(activation === undefined ? {} : { activation }),
      }),
    ],
  });
  const verdict = check("lesson-0/smaller", model);
  model.dispose();
  return verdict;
};

export const lesson0Answers: Readonly<Record<keyof typeof lesson0, Answers>> = {
  "lesson-0/normalize": {
    right: {
      moments: normalized(over([0, 1, 2])),
      "a smaller addition": normalized(over([0, 1, 2], 1e-5)),
      "the layer, in training": normalized(
        (x) =>
          layers.batchNormalization().apply(x, { training: true }) as tf.Tensor,
      ),
    },
    wrong: {
      "all channels together": [
        normalized(over([0, 1, 2, 3])),
        /means -0\.\d+ and .* Each channel/,
      ],
      "each position alone": [normalized(over([0])), /Each channel/],
      "each image alone": [normalized(over([1, 2])), /Each channel/],
      "no square root": [
        normalized((x) => {
          const { mean, variance } = tf.moments(x, [0, 1, 2]);
          return x.sub(mean).div(variance.add(1e-3));
        }),
        /variances 0\.\d+ and/,
      ],
      "mean not subtracted": [
        normalized((x) => x.div(tf.moments(x, [0, 1, 2]).variance.sqrt())),
        /means [1-9]/,
      ],
      "nothing added to the variance": [
        normalized(over([0, 1, 2], 0)),
        /3 everywhere becomes NaN/,
      ],
      "means alone": [
        normalized((x) => tf.moments(x, [0, 1, 2]).mean),
        /one of shape \(2\)/,
      ],
    },
  },
  "lesson-0/dead-units": {
    right: {
      "the largest output is 0": counted((outputs) => zeros(outputs, 0)),
      "units minus live units": counted(
        (outputs) =>
          outputs.shape[1] - outputs.max(0).greater(0).sum().dataSync()[0]!,
      ),
      "the sum is 0": counted((outputs) => {
        const sums = [...outputs.sum(0).dataSync()];
        return sums.filter((sum) => sum === 0).length;
      }),
    },
    wrong: {
      "zeros, not units": [
        counted((outputs) => outputs.equal(0).sum().dataSync()[0]!),
        /the answer is 7\..* whole column/,
      ],
      "live units": [
        counted((outputs) => outputs.max(0).greater(0).sum().dataSync()[0]!),
        /the answer is 3\./,
      ],
      images: [counted((outputs) => zeros(outputs, 1)), /the answer is 0\./],
      "0 for some image": [
        counted((outputs) => outputs.min(0).equal(0).sum().dataSync()[0]!),
        /the answer is 3\./,
      ],
      "a tensor": [
        counted(
          (outputs) => outputs.max(0).equal(0).sum() as unknown as number,
        ),
        /the answer is Tensor/,
      ],
    },
  },
  "lesson-0/smaller": {
    right: {
      "three poolings": smaller({}),
      "two poolings": smaller({ pooled: [true, false, true] }),
    },
    wrong: {
      "the third network": [
        smaller({ pooled: [true, false, false] }),
        /32,768 values reach/,
      ],
      "no penalty": [smaller({ l2: 0 }), /no penalty/],
      "no dropout": [smaller({ rate: 0 }), /no dropout/],
      "no hidden layer": [smaller({ hidden: false }), /no dense layer before/],
      softmax: [smaller({ activation: "softmax" }), /softmax has been taken/],
      "nine classes": [smaller({ classes: 9 }), /\(None, 9\)/],
    },
  },
};
