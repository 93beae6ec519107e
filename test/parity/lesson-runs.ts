/**
 * Training runs of the lessons on a part of the synthetic images, for comparison with Keras.
 *
 * Models, batch sizes, losses, metrics and splits are those of the notebooks. The differences: one
 * epoch, images in order instead of shuffled, and a rate of 0 for lesson 4's dropout, because no
 * two random generators drop the same units.
 */
import assert from "node:assert/strict";
import { load } from "../../src/data/load";
import type { NdArray } from "../../src/data/nd-array";
import { scale } from "../../src/data/scale";
import { splitAt, type Split } from "../../src/data/split";
import { stepsOf } from "../../src/engine/models/install";
import { isEngineOn } from "../../src/engine/switch";
import { tf } from "../../src/engine/tensorflow";
import { accuracy } from "../../src/training/accuracy";
import { evaluate } from "../../src/training/evaluate";
import { fit } from "../../src/training/fit";
import { compileFromLogits } from "../../src/training/logits";
import { setSeed } from "../../src/training/seed";
import { withHost } from "../notebook/notebook-host";

/** One training run of a lesson. */
export interface LessonRun {
  /** Number of the lesson, with a letter if it has several models. */
  readonly name: string;
  readonly parameters: number;
  readonly dataset: "cifar-10" | "fashion-mnist";
  readonly batchSize: number;
  /** Number of training images. */
  readonly samples: number;
  /**
   * Number of the first training images that are used for validation. If 0, the test images are
   * used, as in the source.
   */
  readonly validationSamples: number;
  /**
   * Seed of the synthetic images, chosen so that no unit is within rounding of its ReLU's kink,
   * where the two libraries may take different sides, and the last batch is not an unusually hard
   * one. Default: 1.
   */
  readonly imageSeed?: number;
  /** Builds and compiles the model. */
  readonly build: () => tf.Sequential;
}

/** The data of one run. */
export interface LessonData {
  readonly train: Split;
  readonly validation: Split;
  readonly test: Split;
}

/** The results of one training run that are compared with Keras. */
export interface Outcome {
  /** Loss of each batch, before its weight update. */
  readonly losses: readonly number[];
  /** The single value of each curve: `loss`, `accuracy`, `val_loss`, `val_accuracy`. */
  readonly epoch: Curves;
  /** All weights after the epoch, concatenated. */
  readonly weights: Float32Array;
}

/** Values by Keras's names. The metric is `accuracy` in all lessons. */
export type Curves = Readonly<Record<string, number>>;

/** Evaluations of a trained model on the test images, in batches of 32. */
export interface Evaluations {
  /** With images divided by 255. */
  readonly scaled: Curves;
  /** With images from 0 to 255, as in lesson 3's source. */
  readonly unscaled: Curves;
}

const testSamples = 300;
const seed = 1;

const { conv2d, dense, dropout, flatten, maxPooling2d } = tf.layers;
const start = { kernelInitializer: "glorotUniform" } as const;
const relu = { ...start, activation: "relu" } as const;
const softmax = { ...start, activation: "softmax" } as const;

/** The accuracy metric under lesson 4's name. */
function sparse_categorical_accuracy(
  labels: tf.Tensor,
  predictions: tf.Tensor,
): tf.Tensor {
  return accuracy(labels, predictions);
}

export const lessonRuns: readonly LessonRun[] = [
  {
    name: "1",
    parameters: 122_570,
    dataset: "cifar-10",
    batchSize: 32,
    samples: 656,
    validationSamples: 0,
    build: () =>
      compiled([
        conv2d({
          ...relu,
          filters: 32,
          kernelSize: 3,
          inputShape: [32, 32, 3],
        }),
        maxPooling2d({ poolSize: 2 }),
        conv2d({ ...relu, filters: 64, kernelSize: 3 }),
        maxPooling2d({ poolSize: 2 }),
        conv2d({ ...relu, filters: 64, kernelSize: 3 }),
        flatten(),
        dense({ ...relu, units: 64 }),
        dense({ ...softmax, units: 10 }),
      ]),
  },
  {
    name: "3a",
    parameters: 12_786,
    dataset: "fashion-mnist",
    batchSize: 1000,
    samples: 9000,
    validationSamples: 600,
    imageSeed: 2,
    build: () =>
      compiled([
        flatten({ inputShape: [28, 28] }),
        dense({ ...relu, units: 16 }),
        dense({ ...relu, units: 8 }),
        dense({ ...softmax, units: 10 }),
      ]),
  },
  {
    name: "3b",
    parameters: 74_514,
    dataset: "fashion-mnist",
    batchSize: 2000,
    samples: 9000,
    validationSamples: 600,
    build: () =>
      compiled([
        conv2d({
          ...relu,
          filters: 32,
          kernelSize: [4, 4],
          inputShape: [28, 28, 1],
        }),
        maxPooling2d({ poolSize: 2, strides: 2 }),
        flatten(),
        dense({ ...relu, units: 16 }),
        dense({ ...relu, units: 8 }),
        dense({ ...softmax, units: 10 }),
      ]),
  },
  {
    name: "4",
    parameters: 1_060_138,
    dataset: "cifar-10",
    batchSize: 10,
    samples: 500,
    validationSamples: 0,
    imageSeed: 2,
    build: () => compiled(lesson4Layers(0), sparse_categorical_accuracy),
  },
];

/** Returns the layers of lesson 4. The lesson's dropout rate is 0.5. */
export function lesson4Layers(rate: number): tf.layers.Layer[] {
  const convolution = {
    ...relu,
    filters: 32,
    kernelSize: 3,
    padding: "same" as const,
  };
  return [
    conv2d({ ...convolution, inputShape: [32, 32, 3] }),
    conv2d(convolution),
    maxPooling2d({ poolSize: [2, 2], strides: 2, padding: "valid" }),
    dropout({ rate }),
    flatten(),
    dense({ ...relu, units: 128 }),
    dense({ ...softmax, units: 10 }),
  ];
}

function compiled(layers: tf.layers.Layer[], metric = accuracy): tf.Sequential {
  const model = tf.sequential({ layers });
  compileFromLogits(model, { optimizer: "adam", metrics: [metric] });
  return model;
}

/** Generates the images of a run. */
export async function lessonData(run: LessonRun): Promise<LessonData> {
  const { dataset, samples, validationSamples, imageSeed = 1 } = run;
  const {
    result: { train, test },
  } = await withHost(() =>
    load(dataset, {
      from: "synthetic",
      trainSamples: samples,
      testSamples,
      seed: imageSeed,
    }),
  );
  return validationSamples === 0
    ? { train, validation: test, test }
    : { ...splitAt(train, validationSamples), test };
}

/** Returns the initial weights of all training runs. */
export function initialWeights(run: LessonRun): Float32Array {
  setSeed(seed);
  const model = run.build();
  assert.equal(model.countParams(), run.parameters);
  const weights = weightsOf(model);
  model.dispose();
  return weights;
}

/** Trains for one epoch with the course's `fit`, with the engine on or off as currently set. */
export async function trainHere(
  run: LessonRun,
  data: LessonData,
): Promise<Outcome> {
  setSeed(seed);
  const model = run.build();
  const tensors = ({ images, labels }: Split) =>
    [inputOf(model, images), labels.tensor()] as const;
  const train = tensors(data.train);
  const validation = tensors(data.validation);
  const losses = recordLosses(model);
  const { result } = await withHost(() =>
    fit(model, ...train, {
      epochs: 1,
      batchSize: run.batchSize,
      shuffle: false,
      validationData: validation,
    }),
  );
  assertCompilation(model, losses.length);
  const curves = Object.entries(result.curves);
  const outcome = {
    losses,
    epoch: byShortNames(curves.map(([name, [value]]) => [name, value!])),
    weights: weightsOf(model),
  };
  model.dispose();
  tf.dispose([...train, ...validation]);
  return outcome;
}

/** Evaluates a lesson's model with the weights. */
export function evaluateHere(
  run: LessonRun,
  { test }: LessonData,
  weights: Float32Array,
): Evaluations {
  const model = run.build();
  let at = 0;
  model.setWeights(
    model.getWeights().map(({ shape, size }) => {
      at += size;
      return tf.tensor(weights.slice(at - size, at), shape);
    }),
  );
  const labels = test.labels.tensor();
  const found = [true, false].map((scaled) => {
    const images = inputOf(model, test.images, scaled);
    return byShortNames(Object.entries(evaluate(model, images, labels)));
  });
  model.dispose();
  return { scaled: found[0]!, unscaled: found[1]! };
}

/** Converts images to a model's input, with a channel axis if the model has one. */
function inputOf(
  model: tf.LayersModel,
  images: NdArray,
  scaled = true,
): tf.Tensor {
  const tensor: tf.Tensor = scaled
    ? scale<tf.Tensor3D>(images)
    : images.tensor().toFloat();
  const { length: rank } = model.inputs[0]!.shape;
  return tensor.rank < rank ? tensor.expandDims(-1) : tensor;
}

/** Records the loss of each training step, as reported by tfjs. */
function recordLosses(model: tf.LayersModel): readonly number[] {
  const losses: number[] = [];
  const original = model.fit.bind(model);
  model.fit = (inputs, labels, args) => {
    const { onBatchEnd, ...others } = args!.callbacks as tf.CustomCallbackArgs;
    return original(inputs, labels, {
      ...args,
      callbacks: {
        ...others,
        onBatchEnd: async (step, logs) => {
          await onBatchEnd!(step, logs);
          losses.push(logs!["loss"]!);
        },
      },
    });
  };
  return losses;
}

/** Asserts that compiled steps ran if the engine is on, and tfjs's own loop if it is off. */
function assertCompilation(model: tf.LayersModel, steps: number): void {
  const counts = stepsOf(model)?.trainGathered.counts;
  if (!isEngineOn()) {
    assert.equal(counts?.compiled ?? 0, 0);
    return;
  }
  assert.deepEqual([...counts!.reasons], []);
  // The first two steps are recorded, and the last one is smaller.
  assert.ok(counts!.compiled >= steps - 3, `${counts!.compiled} of ${steps}`);
}

/** Renames lesson 4's metric to the name in the other lessons. */
function byShortNames(entries: readonly (readonly [string, number])[]): Curves {
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.replace("sparse_categorical_accuracy", "accuracy"),
      value,
    ]),
  );
}

/** Returns all weights of a model, concatenated. */
export function weightsOf(model: tf.LayersModel): Float32Array {
  const all = model.getWeights().map((weight) => weight.dataSync<"float32">());
  const joined = new Float32Array(
    all.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const values of all) {
    joined.set(values, at);
    at += values.length;
  }
  return joined;
}
