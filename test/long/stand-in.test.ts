/**
 * The stand-in pictures are good enough to teach with: trained on as quick mode does, lesson 1's network does far
 * better than one of dense layers, neither badly nor perfectly, and it overfits visibly.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { loadCifar10, quickCifar10 } from "../../src/data/cifar10";
import type { NdArray } from "../../src/data/nd-array";
import { scale } from "../../src/data/scale";
import { tf } from "../../src/engine/tensorflow";

/** Accuracies on training and test pictures, one for each epoch. */
interface Curves {
  readonly train: number[];
  readonly test: number[];
}

const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });

function convolutional(seed: number): tf.Sequential {
  const convolution = (filters: number, more: object = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      activation: "relu",
      kernelInitializer: initializer(seed + filters),
      ...more,
    });
  return tf.sequential({
    layers: [
      convolution(32, { inputShape: [32, 32, 3] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(64),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(64),
      tf.layers.flatten(),
      ...head(64, seed),
    ],
  });
}

function dense(units: number, seed: number): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [32, 32, 3] }),
      ...head(units, seed),
    ],
  });
}

function head(units: number, seed: number): tf.layers.Layer[] {
  return [
    tf.layers.dense({
      units,
      activation: "relu",
      kernelInitializer: initializer(seed + 1),
    }),
    tf.layers.dense({ units: 10, kernelInitializer: initializer(seed + 2) }),
  ];
}

async function train(model: tf.Sequential, seed: number): Promise<Curves> {
  const set = await loadCifar10({ ...quickCifar10, seed, synthetic: true });
  const [x, testX] = [scale(set.train.images), scale(set.test.images)];
  const [y, testY] = [oneHot(set.train.labels), oneHot(set.test.labels)];
  model.compile({
    optimizer: tf.train.adam(1e-3),
    loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits),
    metrics: ["accuracy"],
  });
  const { history } = await model.fit(x, y, {
    batchSize: 32,
    epochs: quickCifar10.epochs,
    validationData: [testX, testY],
    verbose: 0,
  });
  tf.dispose([x, y, testX, testY]);
  model.dispose();
  return {
    train: history["acc"] as number[],
    test: history["val_acc"] as number[],
  };
}

function oneHot(labels: NdArray): tf.Tensor {
  return tf.tidy(() => tf.oneHot(labels.tensor().flatten().toInt(), 10));
}

const last = (curve: number[]): number => curve[curve.length - 1]!;

function report(context: TestContext, name: string, curves: Curves): void {
  const [first, second] = [curves.train, curves.test].map((curve) =>
    last(curve).toFixed(3),
  );
  context.diagnostic(`${name}: training ${first}, test ${second}`);
}

// Seeds of pictures and of weights both: the order in which tfjs takes the pictures is left to chance.
for (const seed of [1, 2, 3]) {
  test(`seed ${seed}: convolutions pay, and the curves part`, async (context) => {
    const cnn = await train(convolutional(seed), seed);
    report(context, "convolutional", cnn);
    assert.ok(last(cnn.test) > 0.5 && last(cnn.test) < 0.85);
    assert.ok(last(cnn.train) - last(cnn.test) >= 0.1);
    for (const units of [128, 512]) {
      const rival = await train(dense(units, seed), seed);
      report(context, `dense, ${units} units`, rival);
      assert.ok(last(cnn.test) - last(rival.test) >= 0.15);
    }
  });
}
