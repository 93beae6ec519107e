/**
 * Right and wrong answers to the exercises of lesson 1.
 */
import { check } from "../../../src/course/lab";
import type { lesson1 } from "../../../src/course/lab/lesson-1";
import { tf } from "../../../src/engine/tensorflow";
import type { Answers } from "./answers";

const { layers } = tf;

const edges = (kernel: number[][]) => () =>
  check("lesson-1/horizontal-edges", kernel);

const loss = (lossOf: (logits: number[], label: number) => number) => () =>
  check("lesson-1/loss", lossOf);

/** The network of the lesson, with a padding for each of its three convolutions. */
function network(
  [first, second, third]: readonly ("same" | "valid")[],
  last: "softmax" | "linear" = "softmax",
  inputShape = [32, 32, 3],
  hidden: "relu" | "linear" = "relu",
): tf.Sequential {
  const convolution = (filters: number, padding: "same" | "valid") => ({
    ...{ filters, padding, kernelSize: 3, activation: "relu" as const },
  });
  return tf.sequential({
    layers: [
      layers.conv2d({ ...convolution(32, first!), inputShape }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d(convolution(64, second!)),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d(convolution(64, third!)),
      layers.flatten(),
      layers.dense({ units: 64, activation: hidden }),
      layers.dense({ units: 10, activation: last }),
    ],
  });
}

const padded = (model: () => tf.LayersModel) => () =>
  check("lesson-1/same-padding", model());

/** The same network with zeros added by layers of their own. */
function withZeros(): tf.LayersModel {
  const inputs = tf.input({ shape: [32, 32, 3] });
  const zeros = () => layers.zeroPadding2d({ padding: 1 });
  const convolution = (filters: number) =>
    layers.conv2d({ filters, kernelSize: 3, activation: "relu" });
  const pooling = () => layers.maxPooling2d({ poolSize: 2 });
  const outputs = [
    ...[zeros(), convolution(32), pooling()],
    ...[zeros(), convolution(64), pooling()],
    ...[zeros(), convolution(64), layers.flatten()],
    layers.dense({ units: 64, activation: "relu" }),
    layers.dense({ units: 10, activation: "softmax" }),
  ].reduce((values, layer) => layer.apply(values) as tf.SymbolicTensor, inputs);
  return tf.model({ inputs, outputs });
}

const sum = (values: number[]) =>
  values.reduce((total, value) => total + value, 0);
const all = ["same", "same", "same"] as const;

export const lesson1Answers: Readonly<Record<keyof typeof lesson1, Answers>> = {
  "lesson-1/horizontal-edges": {
    right: {
      "bottom row minus top row": edges([
        [-1, -1, -1],
        [0, 0, 0],
        [1, 1, 1],
      ]),
      "top row minus bottom row, the middle counted twice": edges([
        [1, 2, 1],
        [0, 0, 0],
        [-1, -2, -1],
      ]),
      "one column of it": edges([
        [0, -0.5, 0],
        [0, 0.5, 0],
        [0, 0, 0],
      ]),
    },
    wrong: {
      "the kernel of the lesson": [
        edges([
          [-1, 0, 1],
          [-1, 0, 1],
          [-1, 0, 1],
        ]),
        /vertical edge the largest result is 27\..*from left to right/,
      ],
      "edges of all directions": [
        edges([
          [0, -1, 0],
          [-1, 4, -1],
          [0, -1, 0],
        ]),
        /vertical edge the largest result is 9\./,
      ],
      "weights that do not cancel each other out": [
        edges([
          [1, 1, 1],
          [0, 0, 0],
          [1, 1, 1],
        ]),
        /one brightness the result is 54\..*sum/,
      ],
      zeros: [
        edges([
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ]),
        /0 everywhere/,
      ],
      "two rows": [
        edges([
          [-1, -1, -1],
          [1, 1, 1],
        ]),
        /Three rows/,
      ],
    },
  },
  "lesson-1/same-padding": {
    right: {
      "the option of each convolution": padded(() => network(all)),
      "layers that add zeros": padded(withZeros),
    },
    wrong: {
      "no padding": [
        padded(() => network(["valid", "valid", "valid"])),
        /122,570 parameters/,
      ],
      "padding in the first convolution only": [
        padded(() => network(["same", "valid", "valid"])),
        /159,434 parameters.*flatten/,
      ],
      "no softmax": [
        padded(() => network(all, "linear")),
        /add up to .*Which activation/,
      ],
      "no relu in the hidden layer": [
        padded(() => network(all, "softmax", [32, 32, 3], "linear")),
        /Compare activations/,
      ],
      "one channel": [
        padded(() => network(all, "softmax", [32, 32, 1])),
        /\(32, 32, 1\)/,
      ],
    },
  },
  "lesson-1/loss": {
    right: {
      "the largest logit subtracted": loss((logits, label) => {
        const largest = Math.max(...logits);
        const exponentials = logits.map((z) => Math.exp(z - largest));
        return largest - logits[label]! + Math.log(sum(exponentials));
      }),
      "by TensorFlow.js": loss(
        (logits, label) => -tf.logSoftmax(logits).dataSync()[label]!,
      ),
    },
    wrong: {
      "the formula as it stands": [
        loss(
          (logits, label) =>
            -logits[label]! + Math.log(sum(logits.map(Math.exp))),
        ),
        /1000, 0, -1000 .* returns Infinity.*subtracted from all/,
      ],
      "the sign": [
        loss((logits, label) => {
          const largest = Math.max(...logits);
          const exponentials = logits.map((z) => Math.exp(z - largest));
          return logits[label]! - largest - Math.log(sum(exponentials));
        }),
        /returns -0\.4076.*never negative/,
      ],
      "the probability": [
        loss(
          (logits, label) =>
            Math.exp(logits[label]!) / sum(logits.map(Math.exp)),
        ),
        /returns 0\.6652; the loss is 0\.4076\..*probability of the class/,
      ],
      "the sum of the logits": [
        loss((logits, label) => -logits[label]! + Math.log(sum(logits))),
        /Compare with the formula/,
      ],
      "clipped as TensorFlow.js does": [
        loss((logits, label) => {
          const largest = Math.max(...logits);
          const exponentials = logits.map((z) => Math.exp(z - largest));
          const p = exponentials[label]! / sum(exponentials);
          return -Math.log(Math.max(p, 1e-7));
        }),
        /returns 16\.1181; the loss is 1000\./,
      ],
      nothing: [
        loss((() => undefined) as unknown as () => number),
        /returns undefined.*one number/,
      ],
    },
  },
};
