/**
 * Tests that the synthetic images are suitable for teaching: networks trained as in quick mode
 * compare on them as the lessons describe.
 *
 * Convolutions beat dense layers, neither is perfect, regularization brings training and test
 * accuracy together, and families are easier to classify than single classes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { DatasetName } from "../../src/data/catalog/dataset-entry";
import { scale } from "../../src/data/scale";
import { drawImages } from "../../src/data/synthetic/draw-images";
import { tf } from "../../src/engine/tensorflow";
import { randomFlip } from "../../src/models/random-flip";
import { randomShift } from "../../src/models/random-shift";
import { compileFromLogits } from "../../src/training/logits";
import { setSeed } from "../../src/training/seed";

const TRAIN_SAMPLES = 1_500;
const TEST_SAMPLES = 1_000;
const EPOCHS = 20;
// Seed of the images and of the weights.
const SEED = 1;

/** Accuracies after the last epoch. */
interface Accuracies {
  readonly train: number;
  readonly test: number;
}

interface Trial {
  readonly name: DatasetName;
  /** 0 selects the coarse labels of a set that has them; by default the fine labels are used. */
  readonly labelColumn?: 0 | 1;
  readonly layers: (classes: number) => tf.layers.Layer[];
}

async function tensors(
  { name, labelColumn }: Trial,
  samples: number,
  stream: number,
): Promise<[tf.Tensor, tf.Tensor]> {
  const { images, labels } = await drawImages(name, samples, {
    seed: SEED,
    stream,
  });
  const columns = labels.shape[1]!;
  const column = labelColumn ?? columns - 1;
  const chosen = labels.data.filter((_, at) => at % columns === column);
  return [scale(images), tf.tensor2d(Float32Array.from(chosen), [samples, 1])];
}

async function train(context: TestContext, trial: Trial): Promise<Accuracies> {
  const [x, y] = await tensors(trial, TRAIN_SAMPLES, 0);
  const [testX, testY] = await tensors(trial, TEST_SAMPLES, 1);
  setSeed(SEED);
  const classes = y.max().dataSync()[0]! + 1;
  const model = tf.sequential();
  trial.layers(classes).forEach((layer, index) => {
    if (index > 0) return model.add(layer);
    model.add(tf.layers.inputLayer({ inputShape: x.shape.slice(1) }));
    model.add(layer);
  });
  compileFromLogits(model, { optimizer: "adam" });
  const begin = performance.now();
  await model.fit(x, y, { batchSize: 32, epochs: EPOCHS, verbose: 0 });
  const accuracyOn = (images: tf.Tensor, labels: tf.Tensor): number => {
    const [, accuracy] = model.evaluate(images, labels) as tf.Scalar[];
    return accuracy!.dataSync()[0]!;
  };
  const result = { train: accuracyOn(x, y), test: accuracyOn(testX, testY) };
  const seconds = (performance.now() - begin) / 1000;
  context.diagnostic(
    `${trial.name}, ${trial.layers.name}, ${classes} classes: training ${result.train.toFixed(3)}, test ${result.test.toFixed(3)}, ${seconds.toFixed(0)} s`,
  );
  tf.dispose([x, y, testX, testY]);
  model.dispose();
  return result;
}

function linear(units: number): tf.layers.Layer[] {
  return [tf.layers.flatten(), tf.layers.dense({ units })];
}

function dense(units: number): tf.layers.Layer[] {
  return [
    tf.layers.flatten(),
    tf.layers.dense({ units: 128, activation: "relu" }),
    tf.layers.dense({ units }),
  ];
}

/** Lesson 1's network. */
function convolutional(units: number): tf.layers.Layer[] {
  return [
    ...convolutions(),
    tf.layers.flatten(),
    tf.layers.dense({ units: 64, activation: "relu" }),
    tf.layers.dense({ units }),
  ];
}

/** The same network, regularized. */
function regularizedNetwork(units: number): tf.layers.Layer[] {
  return [
    randomFlip(),
    randomShift({ pixels: 2 }),
    ...convolutions(1e-4),
    tf.layers.flatten(),
    tf.layers.dropout({ rate: 0.4 }),
    tf.layers.dense({ units: 64, activation: "relu" }),
    tf.layers.dense({ units }),
  ];
}

function convolutions(penalty = 0): tf.layers.Layer[] {
  const convolution = (filters: number) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      activation: "relu",
      ...(penalty > 0 && {
        kernelRegularizer: tf.regularizers.l2({ l2: penalty }),
      }),
    });
  return [
    convolution(32),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    convolution(64),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    convolution(64),
  ];
}

const gap = ({ train, test }: Accuracies): number => train - test;

function assertWithin(value: number, least: number, most: number): void {
  assert.ok(value > least && value < most, `${value}`);
}

function assertAtLeast(value: number, least: number): void {
  assert.ok(value >= least, `Expected at least ${least}, received ${value}`);
}

test("mnist: a linear model has an accuracy of 0.5 to 0.8, convolutions of at least 0.94", async (context) => {
  const baseline = await train(context, { name: "mnist", layers: linear });
  const cnn = await train(context, { name: "mnist", layers: convolutional });
  assertWithin(baseline.test, 0.5, 0.8);
  assertAtLeast(cnn.test, 0.94);
  assertAtLeast(cnn.test - baseline.test, 0.2);
});

test("fashion-mnist: convolutions help, and clothes remain hard to distinguish", async (context) => {
  const name = "fashion-mnist";
  const baseline = await train(context, { name, layers: dense });
  const cnn = await train(context, { name, layers: convolutional });
  const regularized = await train(context, {
    name,
    layers: regularizedNetwork,
  });
  assertWithin(cnn.test, 0.7, 0.92);
  assertAtLeast(cnn.test - baseline.test, 0.04);
  assertAtLeast(gap(cnn) - gap(regularized), 0.02);
});

test("cifar-10: convolutions help, and regularization reduces overfitting", async (context) => {
  const name = "cifar-10";
  const baseline = await train(context, { name, layers: dense });
  const cnn = await train(context, { name, layers: convolutional });
  const regularized = await train(context, {
    name,
    layers: regularizedNetwork,
  });
  assertWithin(cnn.test, 0.5, 0.85);
  assertAtLeast(cnn.test - baseline.test, 0.25);
  assertAtLeast(gap(cnn), 0.1);
  assertAtLeast(gap(cnn) - gap(regularized), 0.04);
  // Which of the two is better on the test images after so few epochs depends on the seed.
});

test("cifar-100: convolutions help, and families are easier than single classes", async (context) => {
  const name = "cifar-100";
  const baseline = await train(context, {
    name,
    labelColumn: 0,
    layers: dense,
  });
  const coarse = { name, labelColumn: 0, layers: convolutional } as const;
  const families = await train(context, coarse);
  const things = await train(context, { name, layers: convolutional });
  const regularized = await train(context, {
    ...coarse,
    layers: regularizedNetwork,
  });
  assertWithin(families.test, 0.25, 0.6);
  assertAtLeast(families.test - baseline.test, 0.1);
  assertAtLeast(families.test - things.test, 0.1);
  // Guessing is right once in a hundred.
  assertAtLeast(things.test, 0.1);
  assertAtLeast(gap(families) - gap(regularized), 0.1);
});
