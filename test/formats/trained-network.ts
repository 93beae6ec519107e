/**
 * The network of lesson 1, trained briefly, and its classes for test images in onnxruntime.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  compileFromLogits,
  load,
  predictedClasses,
  scale,
  setSeed,
  tf,
  type DataSource,
} from "../../src";
import { judge } from "./onnx-trial";

/**
 * Trains on images of CIFAR-10, and checks that onnxruntime predicts the same classes for other
 * images. Returns the share of right ones, or undefined if there is no Python environment.
 */
export async function judgeTrainedNetwork(
  context: TestContext,
  from: DataSource,
  trainSamples: number,
  testSamples: number,
): Promise<number | undefined> {
  const { test, train } = await load("cifar-10", {
    from,
    trainSamples,
    testSamples,
  });
  setSeed(1);
  const { layers } = tf;
  const start = { kernelInitializer: "glorotUniform" } as const;
  const convolution = { ...start, kernelSize: 3, activation: "relu" } as const;
  const model = tf.sequential({
    layers: [
      layers.conv2d({ ...convolution, filters: 32, inputShape: [32, 32, 3] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...convolution, filters: 64 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...convolution, filters: 64 }),
      layers.flatten(),
      layers.dense({ ...start, units: 64, activation: "relu" }),
      layers.dense({ ...start, units: 10, activation: "softmax" }),
    ],
  });
  compileFromLogits(model, { optimizer: "adam" });
  await model.fit(scale(train.images), train.labels.tensor(), {
    epochs: 3,
    batchSize: 32,
    verbose: 0,
  });
  const images = scale(test.images);
  const trial = { name: "lesson-1", model, inputs: [images] };
  const report = (await judge(context, [trial]))?.get("lesson-1");
  if (report === undefined) return undefined;
  const predicted = [...predictedClasses(model, images).data];
  assert.deepEqual(report.classes, predicted);
  assert.equal(predicted.length, testSamples);
  const right = predicted.filter(
    (each, index) => each === test.labels.data[index],
  );
  return right.length / testSamples;
}
