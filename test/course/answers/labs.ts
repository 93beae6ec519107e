/**
 * Right and wrong answers to the steps of the labs, as students write them.
 */
import type { Answers } from "./answers";
import * as keras from "../../../src/keras";
import { NdArray } from "../../../src/data/nd-array";
import { splitAt } from "../../../src/data/split";
import { tf } from "../../../src/engine/tensorflow";
import { check, type CheckName } from "../../../src/course/lab";
import { accuracy } from "../../../src/training/accuracy";
import { classReport } from "../../../src/training/class-report";
import { ConfusionMatrix } from "../../../src/training/confusion-matrix";
import { History } from "../../../src/training/history";
import { compileFromLogits } from "../../../src/training/logits";

const { layers } = tf;

const bytes = new NdArray(
  Uint8Array.from({ length: 24 * 28 * 28 }, (_, index) => (index * 37) % 256),
  [24, 28, 28],
);
const labels = new NdArray(
  Uint8Array.from({ length: 24 }, (_, index) => index % 10),
  [24, 1],
);
const pixels = () => bytes.tensor().toFloat();

const scaled = (answer: () => tf.Tensor) => () =>
  check("lab-1/scaled", answer(), bytes);

const judged =
  (name: CheckName & ModelCheck, model: () => tf.LayersModel) => () =>
    check(name, model());

type LabCheck = Extract<CheckName, `lab-${string}`>;

type ModelCheck =
  | "lab-1/model"
  | "lab-1/compiled"
  | "lab-3/first-layer"
  | "lab-3/second-layer"
  | "lab-3/head"
  | "lab-4/base"
  | "lab-4/head"
  | "lab-4/compiled";

function stack(...parts: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({ layers: parts });
}

function functional(shape: number[], ...parts: tf.layers.Layer[]) {
  const inputs = tf.input({ shape });
  const outputs = parts.reduce(
    (values, layer) => layer.apply(values) as tf.SymbolicTensor,
    inputs,
  );
  return tf.model({ inputs, outputs });
}

const flat = (shape: number[]) => layers.flatten({ inputShape: shape });
const dense = (units: number, activation?: "relu" | "softmax" | "tanh") =>
  layers.dense({ units, ...(activation === undefined ? {} : { activation }) });
const convolution = (
  filters: number,
  kernelSize: number,
  more: Partial<Parameters<typeof layers.conv2d>[0]> = {},
) => layers.conv2d({ filters, kernelSize, activation: "relu", ...more });
const pooling = (poolSize = 2) => layers.maxPooling2d({ poolSize });

/** The dense network of lab 1, compiled. */
function digits(
  options: Partial<tf.ModelCompileArgs> = {},
  last: "softmax" | undefined = "softmax",
): tf.LayersModel {
  const model = stack(flat([28, 28]), dense(16, "relu"), dense(10, last));
  model.compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
    ...options,
  });
  return model;
}

/** The dense network of lab 1, with a given activation and end. */
const dense128 = (
  activation: Parameters<typeof dense>[1],
  ...end: tf.layers.Layer[]
) => stack(flat([28, 28]), dense(128, activation), ...end);

/** A model whose predictions for 3 images are the classes 0, 1 and 2. */
function perfect(): tf.LayersModel {
  const model = stack(layers.dense({ units: 10, inputShape: [10] }));
  const weights = [tf.eye(10), tf.zeros([10])];
  model.setWeights(weights);
  return model;
}

const threeImages = tf.eye(10).slice([0, 0], [3, 10]);
const all = { name: "train", images: bytes, labels } as const;
const part = (begin: number, end?: number) => ({
  images: bytes.slice(begin, end),
  labels: labels.slice(begin, end),
});
const history = new History(
  { epochs: 4, batchSize: 1, samples: 1, validationSamples: 1 },
  {
    loss: [4, 3, 2, 1],
    accuracy: [0.1, 0.2, 0.3, 0.4],
    val_loss: [4, 2, 3, 5],
    val_accuracy: [0.1, 0.2, 0.4, 0.3],
  },
  [1, 1, 1, 1],
);
const matrix = new ConfusionMatrix(
  [
    [9, 1, 0],
    [4, 4, 2],
    [0, 3, 7],
  ],
  ["coat", "shirt", "bag"],
);
const report = classReport(matrix);

const firstPart = (more: Partial<Parameters<typeof layers.conv2d>[0]> = {}) =>
  stack(convolution(32, 3, { inputShape: [28, 28, 1], ...more }), pooling());
const bothParts = () =>
  stack(
    convolution(32, 3, { inputShape: [28, 28, 1] }),
    pooling(),
    convolution(64, 3),
    pooling(),
  );
const base = (more: Partial<Parameters<typeof layers.conv2d>[0]> = {}) =>
  stack(
    convolution(32, 3, { inputShape: [32, 32, 3], ...more }),
    pooling(),
    convolution(64, 3, more),
    pooling(),
    convolution(64, 3, more),
  );
/** The network of lab 4 with another end. */
const onBase = (...last: tf.layers.Layer[]) =>
  stack(base(), layers.flatten(), ...last);
const logits = () => onBase(dense(64, "relu"), dense(10));
const half = () => layers.dropout({ rate: 0.5 });
const dropped = (model: () => tf.LayersModel) => () =>
  check("lab-4/dropout", model(), logits());

export const labAnswers: Readonly<Record<LabCheck, Answers>> = {
  "lab-1/scaled": {
    right: {
      "a tensor, divided": scaled(() => pixels().div(255)),
      "multiplied by the inverse": scaled(() => tf.mul(pixels(), 1 / 255)),
      "by JavaScript": scaled(() =>
        tf.tensor(
          Float32Array.from(bytes.data, (byte) => byte / 255),
          [24, 28, 28],
        ),
      ),
    },
    wrong: {
      "not divided": [scaled(pixels), /largest value is 255/],
      "divided by 256": [scaled(() => pixels().div(256)), /0\.9961/],
      "divided twice": [scaled(() => pixels().div(255 * 255)), /0\.0039/],
      integers: [scaled(() => bytes.tensor()), /type int32/],
      "from -1 to 1": [
        scaled(() => pixels().div(127.5).sub(1)),
        /Black is to be 0/,
      ],
      "images in rows": [
        scaled(() => pixels().div(255).reshape([24, 784])),
        /\(24, 784\); \(24, 28, 28\) is expected/,
      ],
      "an axis for channels": [
        scaled(() => pixels().div(255).expandDims(-1)),
        /\(24, 28, 28, 1\)/,
      ],
      "no numbers": [scaled(() => pixels().mul(NaN)), /largest byte is 255/],
      "one image only": [
        scaled(() => pixels().div(255).slice(0, 1)),
        /There are 784 values/,
      ],
    },
  },
  "lab-1/model": {
    right: {
      sequential: judged("lab-1/model", () =>
        stack(flat([28, 28]), dense(128, "relu"), dense(10, "softmax")),
      ),
      functional: judged("lab-1/model", () =>
        functional(
          [28, 28],
          layers.reshape({ targetShape: [784] }),
          dense(128),
          layers.reLU(),
          dense(10),
          layers.softmax(),
        ),
      ),
      "a model as a layer": judged("lab-1/model", () =>
        stack(stack(flat([28, 28]), dense(128, "relu"), dense(10, "softmax"))),
      ),
      "trained too fast": judged("lab-1/model", () => {
        const model = dense128("relu", dense(10, "softmax"));
        model.setWeights(model.getWeights().map((weight) => weight.mul(1000)));
        return model;
      }),
    },
    wrong: {
      "no flatten": [
        judged("lab-1/model", () =>
          stack(
            layers.dense({ units: 128, inputShape: [28, 28] }),
            dense(10, "softmax"),
          ),
        ),
        /\(None, 28, 10\)/,
      ],
      "no softmax": [
        judged("lab-1/model", () => dense128("relu", dense(10))),
        /add up to/,
      ],
      "no relu": [
        judged("lab-1/model", () => dense128(undefined, dense(10, "softmax"))),
        /not those of the layers.*Which activation/,
      ],
      "tanh in place of relu": [
        judged("lab-1/model", () => dense128("tanh", dense(10, "softmax"))),
        /Which activation/,
      ],
      "softmax in both layers": [
        judged("lab-1/model", () => dense128("softmax", dense(10, "softmax"))),
        /applied 2 times/,
      ],
      "softmax twice at the end": [
        judged("lab-1/model", () =>
          dense128("relu", dense(10, "softmax"), layers.softmax()),
        ),
        /applied 2 times/,
      ],
      "dropout behind the softmax": [
        judged("lab-1/model", () =>
          dense128("relu", dense(10, "softmax"), layers.dropout({ rate: 0.5 })),
        ),
        /In training, the outputs/,
      ],
      "no biases": [
        judged("lab-1/model", () =>
          stack(
            flat([28, 28]),
            layers.dense({ units: 128, activation: "relu", useBias: false }),
            dense(10, "softmax"),
          ),
        ),
        /101,642 parameters.*bias/,
      ],
      "12 units": [
        judged("lab-1/model", () =>
          stack(flat([28, 28]), dense(12, "relu"), dense(10, "softmax")),
        ),
        /9,550 parameters/,
      ],
      "no layers": [judged("lab-1/model", () => tf.sequential()), /no layers/],
      "two outputs": [
        judged("lab-1/model", () => {
          const inputs = tf.input({ shape: [28, 28] });
          const row = layers.flatten().apply(inputs) as tf.SymbolicTensor;
          const ends = [1, 2].map(
            () => dense(10, "softmax").apply(row) as tf.SymbolicTensor,
          );
          return tf.model({ inputs, outputs: ends });
        }),
        /1 input and 2 outputs/,
      ],
      "not written yet": [
        judged("lab-1/model", () => undefined as unknown as tf.LayersModel),
        /no result/,
      ],
      "nine classes": [
        judged("lab-1/model", () =>
          stack(flat([28, 28]), dense(32, "relu"), dense(9, "softmax")),
        ),
        /\(None, 9\)/,
      ],
      "no hidden layer": [
        judged("lab-1/model", () =>
          stack(flat([28, 28]), dense(10, "softmax")),
        ),
        /7,850 parameters.*hidden layer/,
      ],
      "784 pixels": [
        judged("lab-1/model", () =>
          stack(
            layers.dense({ units: 32, inputShape: [784] }),
            dense(10, "softmax"),
          ),
        ),
        /\(784\)/,
      ],
      frozen: [
        judged("lab-1/model", () => {
          const model = dense128("relu", dense(10, "softmax"));
          for (const layer of model.layers) layer.trainable = false;
          return model;
        }),
        /error|loss goes/,
      ],
    },
  },
  "lab-1/compiled": {
    right: {
      "by name": judged("lab-1/compiled", () => digits()),
      "with an optimizer object": judged("lab-1/compiled", () =>
        digits({
          optimizer: tf.train.adam(0.002),
          metrics: "accuracy",
        }),
      ),
      "with Keras's Adam": judged("lab-1/compiled", () =>
        digits({ optimizer: keras.adam() }),
      ),
      "after a training that went too far": judged("lab-1/compiled", () => {
        const model = digits();
        compileFromLogits(model, { optimizer: "adam" });
        model.setWeights(model.getWeights().map((weight) => weight.mul(1000)));
        return model;
      }),
      "on the logits below the softmax": judged("lab-1/compiled", () => {
        const model = digits();
        compileFromLogits(model, { optimizer: "adam" });
        return model;
      }),
    },
    wrong: {
      "not compiled": [
        judged("lab-1/compiled", () =>
          stack(flat([28, 28]), dense(8, "relu"), dense(10, "softmax")),
        ),
        /not been compiled/,
      ],
      "the other cross-entropy": [
        judged("lab-1/compiled", () =>
          digits({ loss: "categoricalCrossentropy" }),
        ),
        /error|cross-entropy is/,
      ],
      "mean squared error": [
        judged("lab-1/compiled", () => digits({ loss: "meanSquaredError" })),
        /error|cross-entropy is/,
      ],
      "another metric": [
        judged("lab-1/compiled", () => digits({ metrics: ["mse"] })),
        /metrics reported are .*name that the text/,
      ],
      "the accuracy by another name": [
        judged("lab-1/compiled", () =>
          digits({ metrics: ["categoricalAccuracy"] }),
        ),
        /metrics reported are categoricalAccuracy/,
      ],
      "another optimizer": [
        judged("lab-1/compiled", () => digits({ optimizer: "sgd" })),
        /optimizer is SGD/,
      ],
      "an optimizer with a similar name": [
        judged("lab-1/compiled", () => digits({ optimizer: "adamax" })),
        /optimizer is Adamax/,
      ],
      "a learning rate of 1": [
        judged("lab-1/compiled", () => digits({ optimizer: tf.train.adam(1) })),
        /learning rate is 1\./,
      ],
      "no metric": [
        judged("lab-1/compiled", () => {
          const model = stack(
            flat([28, 28]),
            dense(8, "relu"),
            dense(10, "softmax"),
          );
          model.compile({
            optimizer: "adam",
            loss: "sparseCategoricalCrossentropy",
          });
          return model;
        }),
        /no metric/,
      ],
    },
  },
  "lab-1/trained": trainedAnswers("lab-1/trained"),
  "lab-1/prediction": {
    right: {
      argMax: () =>
        check("lab-1/prediction", 1, perfect(), tf.eye(10).slice(1, 1)),
      "another image": () =>
        check("lab-1/prediction", 7, perfect(), tf.eye(10).slice(7, 1)),
    },
    wrong: {
      "a probability": [
        () =>
          check("lab-1/prediction", 0.93, perfect(), tf.eye(10).slice(1, 1)),
        /answer is 0\.93/,
      ],
      "one too many": [
        () => check("lab-1/prediction", 2, perfect(), tf.eye(10).slice(1, 1)),
        /Class 2 has the probability 0\.000/,
      ],
      "not a class": [
        () => check("lab-1/prediction", 10, perfect(), tf.eye(10).slice(1, 1)),
        /answer is 10/,
      ],
      undefined: [
        () =>
          check(
            "lab-1/prediction",
            undefined as unknown as number,
            perfect(),
            tf.eye(10).slice(1, 1),
          ),
        /undefined/,
      ],
    },
  },
  "lab-2/validation": {
    right: {
      slices: () => check("lab-2/validation", part(0, 2), part(2), all),
      splitAt: () => {
        const { validation, train } = splitAt(all, 2);
        return check("lab-2/validation", validation, train, all);
      },
    },
    wrong: {
      "the last ones": [
        () => check("lab-2/validation", part(22), part(0, 22), all),
        /not the first/,
      ],
      overlap: [
        () => check("lab-2/validation", part(0, 2), part(0), all),
        /2 images are set aside, 24 of 24/,
      ],
      "the larger part": [
        () => check("lab-2/validation", part(2), part(0, 2), all),
        /22 images are set aside/,
      ],
      "labels of other images": [
        () =>
          check(
            "lab-2/validation",
            { images: bytes.slice(0, 2), labels: labels.slice(2, 4) },
            part(2),
            all,
          ),
        /labels belong to other/,
      ],
      "all labels": [
        () =>
          check(
            "lab-2/validation",
            { images: bytes.slice(0, 2), labels },
            part(2),
            all,
          ),
        /24 and 22 labels/,
      ],
      "too few labels": [
        () =>
          check(
            "lab-2/validation",
            part(0, 2),
            { images: bytes.slice(2), labels: labels.slice(2, 4) },
            all,
          ),
        /2 and 2 labels/,
      ],
      "images in rows": [
        () =>
          check(
            "lab-2/validation",
            {
              images: new NdArray(bytes.slice(0, 2).data, [2, 784]),
              labels: labels.slice(0, 2),
            },
            part(2),
            all,
          ),
        /order and shape/,
      ],
    },
  },
  "lab-2/best-epoch": {
    right: {
      "index plus one": () => check("lab-2/best-epoch", 2, history),
      "by a loop": () => {
        let best = 1;
        for (const epoch of history.epochs) {
          if (history.val_loss[epoch - 1]! < history.val_loss[best - 1]!) {
            best = epoch;
          }
        }
        return check("lab-2/best-epoch", best, history);
      },
    },
    wrong: {
      "the index": [
        () => check("lab-2/best-epoch", 1, history),
        /loss is 4\.0000/,
      ],
      "the best accuracy": [
        () => check("lab-2/best-epoch", 3, history),
        /loss is 3\.0000/,
      ],
      "the loss itself": [
        () => check("lab-2/best-epoch", 0, history),
        /epochs are 1 to 4/,
      ],
      "the smallest training loss": [
        () => check("lab-2/best-epoch", 4, history),
        /loss is 5\.0000/,
      ],
    },
  },
  "lab-2/confused": {
    right: {
      "read from the figure": () =>
        check("lab-2/confused", ["shirt", "coat"], matrix),
      "found by code": () => {
        const pairs = matrix.counts.flatMap((row, t) =>
          row.map((count, p) => ({ t, p, count })),
        );
        const [most] = pairs
          .filter(({ t, p }) => t !== p)
          .sort((one, other) => other.count - one.count);
        return check(
          "lab-2/confused",
          [matrix.classNames[most!.t]!, matrix.classNames[most!.p]!],
          matrix,
        );
      },
    },
    wrong: {
      "the other way": [
        () => check("lab-2/confused", ["coat", "shirt"], matrix),
        /1 images .* happened 4 times/,
      ],
      "the diagonal": [
        () => check("lab-2/confused", ["coat", "coat"], matrix),
        /twice/,
      ],
      "another pair": [
        () => check("lab-2/confused", ["bag", "shirt"], matrix),
        /3 images/,
      ],
      "no class": [
        () => check("lab-2/confused", ["Shirt", "coat"], matrix),
        /Names of two classes/,
      ],
    },
  },
  "lab-3/channel-axis": {
    right: {
      expandDims: () =>
        check("lab-3/channel-axis", bytes.tensor().expandDims(-1), bytes),
      "an array": () =>
        check(
          "lab-3/channel-axis",
          new NdArray(bytes.data, [24, 28, 28, 1]),
          bytes,
        ),
      "scaled as well": () =>
        check(
          "lab-3/channel-axis",
          pixels().div(255).reshape([24, 28, 28, 1]),
          bytes,
        ),
    },
    wrong: {
      unchanged: [
        () => check("lab-3/channel-axis", bytes.tensor(), bytes),
        /shape is \(24, 28, 28\)/,
      ],
      "channels first": [
        () => check("lab-3/channel-axis", bytes.tensor().expandDims(1), bytes),
        /\(24, 1, 28, 28\)/,
      ],
      "in front": [
        () => check("lab-3/channel-axis", bytes.tensor().expandDims(0), bytes),
        /\(1, 24, 28, 28\)/,
      ],
      "no numbers": [
        () =>
          check("lab-3/channel-axis", pixels().mul(NaN).expandDims(-1), bytes),
        /each at its place/,
      ],
      "rows and columns exchanged": [
        () =>
          check(
            "lab-3/channel-axis",
            bytes.tensor().transpose([0, 2, 1]).expandDims(-1),
            bytes,
          ),
        /each at its place/,
      ],
    },
  },
  "lab-3/first-layer": {
    right: {
      sequential: judged("lab-3/first-layer", () => firstPart()),
      functional: judged("lab-3/first-layer", () =>
        functional(
          [28, 28, 1],
          layers.conv2d({ filters: 32, kernelSize: [3, 3] }),
          layers.reLU(),
          pooling(),
        ),
      ),
    },
    wrong: {
      padding: [
        judged("lab-3/first-layer", () => firstPart({ padding: "same" })),
        /14, 14, 32/,
      ],
      "no pooling": [
        judged("lab-3/first-layer", () =>
          stack(convolution(32, 3, { inputShape: [28, 28, 1] })),
        ),
        /26, 26, 32/,
      ],
      "three channels": [
        judged("lab-3/first-layer", () =>
          firstPart({ inputShape: [28, 28, 3] }),
        ),
        /896 parameters/,
      ],
      "no biases": [
        judged("lab-3/first-layer", () => firstPart({ useBias: false })),
        /288 parameters/,
      ],
      "no relu": [
        judged("lab-3/first-layer", () => firstPart({ activation: "linear" })),
        /an output is -.* none below 0/,
      ],
      sigmoid: [
        judged("lab-3/first-layer", () => firstPart({ activation: "sigmoid" })),
        /not those of the layers.*which activation/,
      ],
      "means in place of maxima": [
        judged("lab-3/first-layer", () =>
          stack(
            convolution(32, 3, { inputShape: [28, 28, 1] }),
            layers.averagePooling2d({ poolSize: 2 }),
          ),
        ),
        /which kind of pooling/,
      ],
      "strides in place of a pooling": [
        judged("lab-3/first-layer", () =>
          stack(convolution(32, 3, { inputShape: [28, 28, 1], strides: 2 })),
        ),
        /not those of the layers/,
      ],
      "images of 29 rows": [
        judged("lab-3/first-layer", () =>
          firstPart({ inputShape: [29, 29, 1] }),
        ),
        /\(29, 29, 1\)/,
      ],
    },
  },
  "lab-3/by-hand": {
    right: {
      number: () => check("lab-3/by-hand", 320),
      formula: () => check("lab-3/by-hand", 3 * 3 * 32 + 32),
    },
    wrong: {
      "no biases": [() => check("lab-3/by-hand", 288), /What else/],
      "three channels": [() => check("lab-3/by-hand", 896), /one filter first/],
      "one filter": [() => check("lab-3/by-hand", 10), /How many filters/],
    },
  },
  "lab-3/second-layer": {
    right: {
      "one model": judged("lab-3/second-layer", bothParts),
      "added to the first part": judged("lab-3/second-layer", () => {
        const model = firstPart();
        model.countParams();
        model.add(convolution(64, 3));
        model.add(pooling());
        return model;
      }),
    },
    wrong: {
      "no second pooling": [
        judged("lab-3/second-layer", () => {
          const model = firstPart();
          model.add(convolution(64, 3));
          return model;
        }),
        /11, 11, 64/,
      ],
      "32 filters": [
        judged("lab-3/second-layer", () => {
          const model = firstPart();
          model.add(convolution(32, 3));
          model.add(pooling());
          return model;
        }),
        /5, 5, 32/,
      ],
      "no relu in the second convolution": [
        judged("lab-3/second-layer", () => {
          const model = firstPart();
          model.add(convolution(64, 3, { activation: "linear" }));
          model.add(pooling());
          return model;
        }),
        /none below 0/,
      ],
      "with the head": [
        judged("lab-3/second-layer", () => {
          const model = bothParts();
          model.add(layers.flatten());
          return model;
        }),
        /\(None, 1600\).*more than once/,
      ],
      "added twice": [
        judged("lab-3/second-layer", () => {
          const model = bothParts();
          model.add(convolution(64, 3));
          return model;
        }),
        /3, 3, 64/,
      ],
    },
  },
  "lab-3/head": {
    right: {
      "one dense layer": judged("lab-3/head", () => {
        const model = bothParts();
        model.add(layers.flatten());
        model.add(dense(10, "softmax"));
        return model;
      }),
      "a mean and a hidden layer": judged("lab-3/head", () => {
        const model = bothParts();
        model.add(layers.globalAveragePooling2d({}));
        model.add(dense(32, "relu"));
        model.add(dense(10));
        model.add(layers.activation({ activation: "softmax" }));
        return model;
      }),
    },
    wrong: {
      "no flatten": [
        judged("lab-3/head", () => {
          const model = bothParts();
          model.add(dense(10, "softmax"));
          return model;
        }),
        /\(None, 5, 5, 10\)/,
      ],
      "no softmax": [
        judged("lab-3/head", () => {
          const model = bothParts();
          model.add(layers.flatten());
          model.add(dense(10));
          return model;
        }),
        /add up to/,
      ],
      "softmax twice": [
        judged("lab-3/head", () => {
          const model = bothParts();
          model.add(layers.flatten());
          model.add(dense(10, "softmax"));
          model.add(layers.softmax());
          return model;
        }),
        /applied 2 times/,
      ],
      "without the base": [
        judged("lab-3/head", () =>
          stack(flat([28, 28, 1]), dense(10, "softmax")),
        ),
        /first weights have the shapes \(784, 10\)/,
      ],
      sigmoid: [
        judged("lab-3/head", () => {
          const model = bothParts();
          model.add(layers.flatten());
          model.add(layers.dense({ units: 10, activation: "sigmoid" }));
          return model;
        }),
        /add up to/,
      ],
    },
  },
  "lab-3/trained": trainedAnswers("lab-3/trained"),
  "lab-4/base": {
    right: {
      sequential: judged("lab-4/base", base),
      functional: judged("lab-4/base", () =>
        functional(
          [32, 32, 3],
          convolution(32, 3),
          pooling(),
          convolution(64, 3),
          pooling(),
          layers.conv2d({ filters: 64, kernelSize: 3 }),
          layers.reLU(),
        ),
      ),
    },
    wrong: {
      "a third pooling": [
        judged("lab-4/base", () => {
          const model = base();
          model.add(pooling());
          return model;
        }),
        /2, 2, 64/,
      ],
      "gray images": [
        judged("lab-4/base", () =>
          stack(
            convolution(32, 3, { inputShape: [32, 32, 1] }),
            pooling(),
            convolution(64, 3),
            pooling(),
            convolution(64, 3),
          ),
        ),
        /55,744 parameters/,
      ],
      "no relu": [
        judged("lab-4/base", () => {
          const model = base({ activation: "linear" });
          return model;
        }),
        /none below 0|not those of the layers/,
      ],
      "strides in place of a pooling": [
        judged("lab-4/base", () =>
          stack(
            convolution(32, 3, { inputShape: [32, 32, 3], strides: 2 }),
            convolution(64, 3),
            pooling(),
            convolution(64, 3),
          ),
        ),
        /not those of the layers/,
      ],
      padding: [
        judged("lab-4/base", () =>
          stack(
            convolution(32, 3, { inputShape: [32, 32, 3], padding: "same" }),
            pooling(),
            convolution(64, 3, { padding: "same" }),
            pooling(),
            convolution(64, 3, { padding: "same" }),
          ),
        ),
        /8, 8, 64/,
      ],
    },
  },
  "lab-4/head": {
    right: {
      "on the base": judged("lab-4/head", logits),
      "an activation named linear": judged("lab-4/head", () =>
        onBase(
          dense(64, "relu"),
          layers.dense({ units: 10, activation: "linear" }),
        ),
      ),
      "on a frozen base": judged("lab-4/head", () => {
        const frozen = base();
        frozen.trainable = false;
        return stack(frozen, layers.flatten(), dense(64, "relu"), dense(10));
      }),
    },
    wrong: {
      softmax: [
        judged("lab-4/head", () =>
          onBase(dense(64, "relu"), dense(10, "softmax")),
        ),
        /softmax has been taken already/,
      ],
      sigmoid: [
        judged("lab-4/head", () =>
          onBase(
            dense(64, "relu"),
            layers.dense({ units: 10, activation: "sigmoid" }),
          ),
        ),
        /No output of these images is below 0/,
      ],
      relu: [
        judged("lab-4/head", () =>
          onBase(dense(64, "relu"), dense(10, "relu")),
        ),
        /No output of these images is below 0/,
      ],
      tanh: [
        judged("lab-4/head", () =>
          onBase(dense(64, "relu"), dense(10, "tanh")),
        ),
        /not those of the layers/,
      ],
      "no hidden layer": [
        judged("lab-4/head", () => onBase(dense(10))),
        /66,570 parameters/,
      ],
      "hidden layer without relu": [
        judged("lab-4/head", () => onBase(dense(64), dense(10))),
        /Which activation/,
      ],
      "without the base": [
        judged("lab-4/head", () =>
          stack(flat([32, 32, 3]), dense(64, "relu"), dense(10)),
        ),
        /197,322 parameters/,
      ],
      "nine classes": [
        judged("lab-4/head", () => onBase(dense(9))),
        /\(None, 9\)/,
      ],
      "no flatten": [
        judged("lab-4/head", () => stack(base(), dense(10))),
        /\(None, 4, 4, 10\)/,
      ],
    },
  },
  "lab-4/compiled": {
    right: {
      "on logits": judged("lab-4/compiled", () => {
        const model = logits();
        compileFromLogits(model, { optimizer: "adam" });
        return model;
      }),
      "with an optimizer and a metric of one's own": judged(
        "lab-4/compiled",
        () => {
          const model = logits();
          compileFromLogits(model, {
            optimizer: tf.train.adam(0.002),
            metrics: [accuracy],
          });
          return model;
        },
      ),
    },
    wrong: {
      "for probabilities": [
        judged("lab-4/compiled", () => {
          const model = logits();
          model.compile({
            optimizer: "adam",
            loss: "sparseCategoricalCrossentropy",
            metrics: ["accuracy"],
          });
          return model;
        }),
        /cross-entropy is/,
      ],
      "a softmax in the model and in the loss": [
        judged("lab-4/compiled", () => {
          const model = stack(
            base(),
            layers.flatten(),
            dense(64, "relu"),
            dense(10, "softmax"),
          );
          compileFromLogits(model, { optimizer: "adam" });
          return model;
        }),
        /cross-entropy is/,
      ],
      "mean squared error": [
        judged("lab-4/compiled", () => {
          const model = logits();
          model.compile({ optimizer: "adam", loss: "meanSquaredError" });
          return model;
        }),
        /error|cross-entropy is/,
      ],
      "one-hot labels wanted": [
        judged("lab-4/compiled", () => {
          const model = logits();
          model.compile({
            optimizer: "adam",
            loss: "categoricalCrossentropy",
            metrics: ["accuracy"],
          });
          return model;
        }),
        /error|cross-entropy is/,
      ],
      "another optimizer": [
        judged("lab-4/compiled", () => {
          const model = logits();
          compileFromLogits(model, { optimizer: "sgd" });
          return model;
        }),
        /optimizer is SGD/,
      ],
      "not compiled": [judged("lab-4/compiled", logits), /not been compiled/],
    },
  },
  "lab-4/dropout": {
    right: {
      "before the last layer": dropped(() =>
        onBase(dense(64, "relu"), half(), dense(10)),
      ),
      functional: dropped(() =>
        functional(
          [32, 32, 3],
          base(),
          layers.flatten(),
          dense(64),
          half(),
          layers.reLU(),
          dense(10),
        ),
      ),
      "in two parts": dropped(() =>
        stack(
          base(),
          stack(flat([4, 4, 64]), dense(64, "relu"), half(), dense(10)),
        ),
      ),
    },
    wrong: {
      "no dropout": [dropped(logits), /same outputs/],
      "another rate": [
        dropped(() =>
          onBase(dense(64, "relu"), layers.dropout({ rate: 0.1 }), dense(10)),
        ),
        /rates of dropout are 0\.1/,
      ],
      "rate 0": [
        dropped(() =>
          onBase(dense(64, "relu"), layers.dropout({ rate: 0 }), dense(10)),
        ),
        /same outputs/,
      ],
      "noise instead": [
        dropped(() =>
          onBase(
            dense(64, "relu"),
            layers.gaussianNoise({ stddev: 1 }),
            dense(10),
          ),
        ),
        /not those of a Dropout/,
      ],
      "behind the logits": [
        dropped(() => onBase(dense(64, "relu"), dense(10), half())),
        /No layer with weights comes after dropout/,
      ],
      "before the hidden layer": [
        dropped(() => onBase(half(), dense(64, "relu"), dense(10))),
        /2 layers with weights come after dropout/,
      ],
      twice: [
        dropped(() => onBase(half(), dense(64, "relu"), half(), dense(10))),
        /2 dropout layers/,
      ],
      "no hidden layer": [
        dropped(() => onBase(half(), dense(10))),
        /66,570 parameters/,
      ],
      softmax: [
        dropped(() => onBase(dense(64, "relu"), half(), dense(10, "softmax"))),
        /Dropout does nothing in prediction/,
      ],
      "on the base of the first network": [
        () => {
          const first = logits();
          const model = stack(
            first.layers[0]!,
            layers.flatten(),
            dense(64, "relu"),
            half(),
            dense(10),
          );
          return check("lab-4/dropout", model, first);
        },
        /6 of 10 arrays of weights belong to the first network/,
      ],
    },
  },
  "lab-4/trained": trainedAnswers("lab-4/trained"),
  "lab-4/worst-class": {
    right: {
      name: () => check("lab-4/worst-class", "shirt", report),
      sorted: () => {
        const [first] = [...report.rows].sort(
          (one, other) => one.recall - other.recall,
        );
        return check("lab-4/worst-class", first!.name, report);
      },
    },
    wrong: {
      "the best one": [
        () => check("lab-4/worst-class", "coat", report),
        /90\.0 %/,
      ],
      "another one": [
        () => check("lab-4/worst-class", "bag", report),
        /70\.0 %/,
      ],
      "a number": [
        () => check("lab-4/worst-class", "1", report),
        /name of a class/,
      ],
    },
  },
};

function trainedAnswers(
  name: "lab-1/trained" | "lab-3/trained" | "lab-4/trained",
): Answers {
  const truth = tf.tensor2d([[0], [1], [2]]);
  return {
    right: {
      "all right": () => check(name, perfect(), threeImages, truth),
      "labels in one row": () =>
        check(name, perfect(), threeImages, tf.tensor1d([0, 1, 2])),
    },
    wrong: {
      "all wrong": [
        () => check(name, perfect(), threeImages, tf.tensor2d([[1], [2], [0]])),
        /accuracy on 3 images is 0\.000/,
      ],
      untrained: [
        () => {
          const model = perfect();
          model.setWeights([tf.zeros([10, 10]), tf.zeros([10])]);
          return check(name, model, threeImages, tf.tensor2d([[1], [2], [3]]));
        },
        /accuracy/,
      ],
      "images of another shape": [
        () => check(name, perfect(), tf.zeros([3, 28, 28]), truth),
        /ends in an error/,
      ],
    },
  };
}
