/**
 * Trains one model with tfjs in this process and prints one line of JSON.
 *
 * This script runs three competitors: convnotes by default, convnotes with graphs for
 * CONVNOTES_ENGINE=graph, and stock tfjs for CONVNOTES_ENGINE=off. It contains only what a user
 * would write: `compile`, `fit`, `evaluate`, `predict`. Started by `bench/training.mjs`; all
 * durations are in seconds.
 */
import { parseArgs } from "node:util";
import { layerCosts, tf } from "convnotes";
import { peakMegabytes } from "../memory";
import {
  buildLessonModel,
  classesOf,
  compileLessonModel,
  lessonModel,
} from "./build";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      width: { type: "string" },
      "batch-size": { type: "string" },
      samples: { type: "string" },
      epochs: { type: "string" },
      "predict-samples": { type: "string" },
      started: { type: "string" },
    },
  });
  const row = lessonModel(values.model ?? "");
  const samples = Number(values.samples);
  const predictSamples = Number(values["predict-samples"]);
  const epochs = Number(values.epochs);
  /** Start time of the process in ms since 1970, taken by the parent process. */
  const started = Number(values.started);

  const dataBegan = performance.now();
  const x = images(samples, row.inputShape, 1);
  // tfjs's sparse loss rounds its labels down, which works for float32 only.
  const dtype = row.loss === "logits" ? "int32" : "float32";
  const y = labels(samples, classesOf(row), dtype, 2);
  const dataSeconds = since(dataBegan);

  const model = buildLessonModel(row.name, Number(values.width));
  const secondsPerEpoch: number[] = [];
  /** Start and end of each epoch in ms since 1970, for comparison with a profile's time stamps. */
  const epochSpans: [number, number][] = [];
  let epochBegan = 0;
  let firstEpochEnded = 0;
  const compileBegan = performance.now();
  compileLessonModel(model, row);
  await model.fit(x, y, {
    batchSize: Number(values["batch-size"]),
    epochs,
    verbose: 0,
    callbacks: {
      onEpochBegin: async () => {
        epochBegan = performance.now();
      },
      onEpochEnd: async () => {
        const ended = performance.now();
        firstEpochEnded ||= ended;
        secondsPerEpoch.push((ended - epochBegan) / 1000);
        epochSpans.push([
          performance.timeOrigin + epochBegan,
          performance.timeOrigin + ended,
        ]);
      },
    },
  });
  const firstEpoch = (firstEpochEnded - compileBegan) / 1000;
  const startToFirstEpoch =
    (performance.timeOrigin + firstEpochEnded - started) / 1000 - dataSeconds;
  const peakTrainingMegabytes = peakMegabytes();

  const evaluate = await timesOf(() =>
    [model.evaluate(x, y, { batchSize: row.evaluateBatchSize })].flat(),
  );
  tf.dispose([x, y]);
  const one = images(1, row.inputShape, 3);
  const predictOne = await timesOf(() => [model.predict(one)].flat());
  const many = images(predictSamples, row.inputShape, 4);
  const predictMany = await timesOf(() => [model.predict(many)].flat());

  const peak = peakMegabytes();
  const cpu = process.cpuUsage();
  console.log(
    JSON.stringify({
      parameters: model.countParams(),
      secondsPerEpoch,
      epochSpans,
      firstEpoch,
      startToFirstEpoch,
      evaluateFirst: evaluate.first,
      evaluate: evaluate.median,
      predictOneFirst: predictOne.first,
      predictOne: predictOne.median,
      predictManyFirst: predictMany.first,
      predictMany: predictMany.median,
      peakTrainingMegabytes,
      peakMegabytes: peak,
      operationsPerSample: operationsOf(model),
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      version: `tfjs ${tf.version["tfjs-core"]}, Node ${process.versions.node}`,
    }),
  );
}

/** Returns random values in [0, 1), float32, (n, ...shape). */
function images(n: number, shape: readonly number[], seed: number): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, n);
  const values = new Float32Array(size);
  // Repeats a million values: generating more would take longer than training on them.
  const period = Math.min(size, 2 ** 20);
  const random = tf.randomUniform([period], 0, 1, "float32", seed);
  values.set(random.dataSync<"float32">());
  random.dispose();
  for (let filled = period; filled < size; filled *= 2) {
    values.copyWithin(filled, 0, filled);
  }
  return tf.tensor(values, [n, ...shape]);
}

/** Returns random class indices, (n, 1). */
function labels(
  n: number,
  classes: number,
  dtype: "int32" | "float32",
  seed: number,
): tf.Tensor2D {
  return tf.tidy(() => {
    const random = tf.randomUniform([n, 1], 0, classes, "float32", seed);
    return tf.cast(tf.floor(random), dtype) as tf.Tensor2D;
  });
}

/**
 * Returns the additions and multiplications of a training step per sample.
 *
 * For each Conv2D and Dense layer it counts the products of the forward pass, of the gradient of
 * the weights and, except for the first layer, of the gradient of the inputs.
 */
function operationsOf(model: tf.LayersModel): number {
  const products = layerCosts(model)
    .filter(({ type }) => type === "Conv2D" || type === "Dense")
    .map((cost) => cost.multiplications);
  const all = products.reduce((sum, each) => sum + each, 0);
  return 2 * (3 * all - products[0]!);
}

/**
 * Times a function until its results are read: the seconds of the first call, and the median of the
 * second half of the calls.
 *
 * Calls it for 0.6 seconds, and at least three times. The first half warms up caches and compilers:
 * V8 has a short function compiled after some hundred calls.
 */
async function timesOf(
  run: () => tf.Tensor[],
): Promise<{ first: number; median: number }> {
  const seconds: number[] = [];
  for (let spent = 0; seconds.length < 3 || spent < 0.6;) {
    const began = performance.now();
    const results = run();
    for (const result of results) await result.data();
    const each = since(began);
    tf.dispose(results);
    seconds.push(each);
    spent += each;
  }
  const later = seconds.slice(seconds.length >> 1).sort((a, b) => a - b);
  return { first: seconds[0]!, median: later[later.length >> 1]! };
}

/** Returns the seconds since a time of `performance.now()`. */
function since(began: number): number {
  return (performance.now() - began) / 1000;
}

void main();
