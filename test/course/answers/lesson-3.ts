/**
 * Right and wrong answers to the exercises of lesson 3.
 */
import { check } from "../../../src/course/lab";
import type { lesson3 } from "../../../src/course/lab/lesson-3";
import { NdArray } from "../../../src/data/nd-array";
import { scale } from "../../../src/data/scale";
import { tf } from "../../../src/engine/tensorflow";
import type { Answers } from "./answers";

const { layers } = tf;

const bytes = new NdArray(
  Uint8Array.from({ length: 6 * 28 * 28 }, (_, index) => (index * 37) % 256),
  [6, 28, 28],
);
const prepared = (answer: () => tf.Tensor) => () =>
  check("lesson-3/prepared", answer(), bytes);

const counted = (answer: (image: number, filter: number) => number) => () =>
  check("lesson-3/parameters", answer);

interface Variant {
  readonly convolution?: Partial<Parameters<typeof layers.conv2d>[0]>;
  readonly units?: number;
  readonly hidden?: "relu" | "tanh";
  readonly last?: "softmax" | "sigmoid";
}

/** The network of the exercise, or one with a mistake. */
const network = (variant: Variant = {}) => {
  const { convolution = {}, units = 64 } = variant;
  const { hidden = "relu", last = "softmax" } = variant;
  return tf.sequential({
    layers: [
      layers.conv2d({
        filters: 32,
        kernelSize: 3,
        activation: "relu",
        inputShape: [28, 28, 1],
        ...convolution,
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 16, activation: hidden }),
      layers.dense({ units, activation: hidden }),
      layers.dense({ units: 10, activation: last }),
    ],
  });
};
/** The same network with activations as layers, in the functional way. */
function withLayersForActivations(): tf.LayersModel {
  const inputs = tf.input({ shape: [28, 28, 1] });
  const parts = [
    layers.conv2d({ filters: 32, kernelSize: [3, 3] }),
    layers.reLU(),
    layers.maxPooling2d({ poolSize: [2, 2] }),
    layers.flatten(),
    layers.dense({ units: 16 }),
    layers.reLU(),
    layers.dense({ units: 64 }),
    layers.reLU(),
    layers.dense({ units: 10 }),
    layers.softmax(),
  ];
  const outputs = parts.reduce(
    (values, layer) => layer.apply(values) as tf.SymbolicTensor,
    inputs,
  );
  return tf.model({ inputs, outputs });
}
const smaller = (model: () => tf.LayersModel) => () =>
  check("lesson-3/smaller-filters", model());

export const lesson3Answers: Readonly<Record<keyof typeof lesson3, Answers>> = {
  "lesson-3/prepared": {
    right: {
      "scale, then the axis": prepared(() =>
        scale<tf.Tensor3D>(bytes).expandDims(3),
      ),
      "the axis, then the division": prepared(() =>
        bytes.tensor().reshape([6, 28, 28, 1]).toFloat().div(255),
      ),
    },
    wrong: {
      "no axis": [prepared(() => scale<tf.Tensor3D>(bytes)), /is missing/],
      "the axis in front": [
        prepared(() => scale<tf.Tensor3D>(bytes).expandDims(0)),
        /\(1, 6, 28, 28\)/,
      ],
      "not scaled": [
        prepared(() => bytes.tensor().toFloat().expandDims(3)),
        /largest value is 255/,
      ],
      "rows and columns exchanged": [
        prepared(() =>
          scale<tf.Tensor3D>(bytes).transpose([0, 2, 1]).expandDims(3),
        ),
        /each at its place/,
      ],
    },
  },

  "lesson-3/parameters": {
    right: {
      "with Math.floor": counted((image, filter) => {
        const pooled = Math.floor((image - filter + 1) / 2);
        return pooled * pooled * 32 * 16 + 16;
      }),
      "counted by a model": counted((image, filter) => {
        const model = tf.sequential({
          layers: [
            layers.conv2d({
              filters: 32,
              kernelSize: filter,
              inputShape: [image, image, 1],
            }),
            layers.maxPooling2d({ poolSize: 2 }),
            layers.flatten(),
            layers.dense({ units: 16 }),
          ],
        });
        return model.layers[3]!.countParams();
      }),
    },
    wrong: {
      "only for the lesson's network": [counted(() => 73_744), /filter of 3/],
      "without biases": [
        counted(
          (image, filter) => Math.floor((image - filter + 1) / 2) ** 2 * 512,
        ),
        /These are the weights/,
      ],
      "half a row left over": [
        counted((image, filter) => ((image - filter + 1) / 2) ** 2 * 512 + 16),
        /half a row/,
      ],
      "without pooling": [
        counted((image, filter) => (image - filter + 1) ** 2 * 512 + 16),
        /pooling leave/,
      ],
      "a border added": [
        counted((image) => Math.floor(image / 2) ** 2 * 512 + 16),
        /Count the places/,
      ],
      "the convolution's parameters": [
        counted((_, filter) => 32 * (filter * filter + 1)),
        /is 544/,
      ],
      "an error": [
        counted(() => {
          throw new Error("not yet");
        }),
        /ends in an error: not yet/,
      ],
    },
  },

  "lesson-3/smaller-filters": {
    right: {
      sequential: smaller(() => network()),
      "activations as layers": smaller(withLayersForActivations),
    },
    wrong: {
      "filters of 4": [
        smaller(() => network({ convolution: { kernelSize: 4 } })),
        /Four layers have weights/,
      ],
      "the narrow end left": [
        smaller(() => network({ units: 8 })),
        /87,090 parameters/,
      ],
      "a border added": [
        smaller(() => network({ convolution: { padding: "same" } })),
        /parameters/,
      ],
      "sigmoid at the end": [
        smaller(() => network({ last: "sigmoid" })),
        /ten probabilities/,
      ],
      "another activation": [
        smaller(() => network({ hidden: "tanh" })),
        /Which activation/,
      ],
      "images without channels": [
        smaller(() =>
          tf.sequential({
            layers: [
              layers.flatten({ inputShape: [28, 28] }),
              layers.dense({ units: 10, activation: "softmax" }),
            ],
          }),
        ),
        /shape \(28, 28\)/,
      ],
    },
  },
};
