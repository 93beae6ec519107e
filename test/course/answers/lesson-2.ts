/**
 * Right and wrong answers to the exercises of lesson 2.
 */
import { check } from "../../../src/course/lab";
import type { lesson2 } from "../../../src/course/lab/lesson-2";
import { tf } from "../../../src/engine/tensorflow";
import type { Answers } from "./answers";

const { layers } = tf;
type Values = tf.SymbolicTensor;
type Options = Partial<Parameters<typeof layers.conv2d>[0]>;

const convolution = (
  filters: number,
  kernelSize: number | [number, number],
  more: Options = {},
) =>
  layers.conv2d({
    filters,
    kernelSize,
    padding: "same",
    activation: "relu",
    ...more,
  });
const stack = (...parts: tf.layers.Layer[]) => tf.sequential({ layers: parts });
const first = { inputShape: [28, 28, 16] };
const judgeSmall = (model: () => tf.LayersModel) => () =>
  check("lesson-2/three-small", model());

/** The network of the lesson, with a given end of its convolutions. */
function network(
  end: tf.layers.Layer,
  last: Options["activation"] = "softmax",
) {
  const halve = () => layers.maxPooling2d({ poolSize: 2 });
  const dense = (units: number, activation: "relu" | "softmax" | "linear") =>
    layers.dense({ units, activation });
  return stack(
    convolution(64, 7, { inputShape: [28, 28, 1] }),
    halve(),
    convolution(128, 3),
    convolution(128, 3),
    halve(),
    convolution(256, 3),
    convolution(256, 3),
    halve(),
    end,
    dense(128, "relu"),
    layers.dropout({ rate: 0.5 }),
    dense(64, "relu"),
    layers.dropout({ rate: 0.5 }),
    dense(10, last as "softmax" | "linear"),
  );
}
const mean = () => layers.globalAveragePooling2d({});
const judgeMean = (model: () => tf.LayersModel) => () =>
  check("lesson-2/mean-head", model());

/** A model of two convolutions and an end that gets the input and their result. */
const unit =
  (
    end: (input: Values, residual: Values) => Values,
    options: Options = { activation: "linear" },
  ) =>
  () => {
    const inputs = tf.input({ shape: [8, 8, 16] });
    const inner = convolution(16, 3).apply(inputs) as Values;
    const residual = convolution(16, 3, options).apply(inner) as Values;
    const model = tf.model({ inputs, outputs: end(inputs, residual) });
    return check("lesson-2/shortcut", model);
  };
const added = (...values: Values[]) => layers.add().apply(values) as Values;
const relu = (values: Values) => layers.reLU().apply(values) as Values;

export const lesson2Answers: Readonly<Record<keyof typeof lesson2, Answers>> = {
  "lesson-2/three-small": {
    right: {
      "three layers": judgeSmall(() =>
        stack(
          convolution(16, 3, first),
          convolution(16, 3),
          convolution(16, 3),
        ),
      ),
      "relu as layers": judgeSmall(() =>
        stack(
          convolution(16, 3, { ...first, activation: "linear" }),
          layers.reLU(),
          convolution(16, 3, { activation: "linear" }),
          layers.reLU(),
          convolution(16, 3, { activation: "linear" }),
          layers.reLU(),
        ),
      ),
    },
    wrong: {
      "two layers": [
        judgeSmall(() => stack(convolution(16, 3, first), convolution(16, 3))),
        /sees 5 × 5/,
      ],
      "the large kernel itself": [
        judgeSmall(() => stack(convolution(16, 7, first))),
        /kernels are 7 × 7/,
      ],
      "without padding": [
        judgeSmall(() =>
          stack(
            convolution(16, 3, { ...first, padding: "valid" }),
            convolution(16, 3, { padding: "valid" }),
            convolution(16, 3, { padding: "valid" }),
          ),
        ),
        /\(None, 22, 22, 16\)/,
      ],
      "no relu": [
        judgeSmall(() =>
          stack(
            convolution(16, 3, { ...first, activation: "linear" }),
            convolution(16, 3, { activation: "linear" }),
            convolution(16, 3),
          ),
        ),
        /Which activation/,
      ],
      "fewer filters inside": [
        judgeSmall(() =>
          stack(
            convolution(16, 3, first),
            convolution(8, 3),
            convolution(16, 3),
          ),
        ),
        /4,648 parameters/,
      ],
    },
  },

  "lesson-2/mean-head": {
    right: {
      "the layer": judgeMean(() => network(mean())),
      "a pooling over all positions, flattened": judgeMean(() =>
        network(
          stack(
            layers.averagePooling2d({ poolSize: 3, inputShape: [3, 3, 256] }),
            layers.flatten(),
          ),
        ),
      ),
    },
    wrong: {
      "flatten as before": [
        judgeMean(() => network(layers.flatten())),
        /1,413,834 parameters/,
      ],
      logits: [judgeMean(() => network(mean(), "linear")), /add up to/],
      "maxima in place of means": [
        judgeMean(() => network(layers.globalMaxPooling2d({}))),
        /Compare activations and poolings/,
      ],
      "the mean of the rows is missing": [
        judgeMean(() =>
          network(layers.averagePooling2d({ poolSize: 3, strides: 3 })),
        ),
        /\(None, 1, 1, 10\)/,
      ],
    },
  },

  "lesson-2/shortcut": {
    right: {
      "relu as a layer": unit((input, residual) =>
        relu(added(input, residual)),
      ),
      "the sum in the other order, relu as an activation": unit(
        (input, residual) =>
          layers
            .activation({ activation: "relu" })
            .apply(added(residual, input)) as Values,
      ),
    },
    wrong: {
      "no shortcut": [unit((_, residual) => relu(residual)), /not relu/],
      "no relu after the addition": [unit(added), /not relu/],
      "relu before the addition": [
        unit((input, residual) => relu(added(input, residual)), {
          activation: "relu",
        }),
        /smaller than the input/,
      ],
      concatenated: [
        unit(
          (input, residual) =>
            layers.concatenate().apply([input, residual]) as Values,
        ),
        /\(None, 8, 8, 32\)/,
      ],
    },
  },
};
