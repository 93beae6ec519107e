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

  const evaluations: number[] = [];
  for (let repeat = 0; repeat < 2; repeat += 1) {
    const began = performance.now();
    const scores = [
      model.evaluate(x, y, { batchSize: row.evaluateBatchSize }),
    ].flat();
    for (const score of scores) await score.data();
    evaluations.push(since(began));
    tf.dispose(scores);
  }
  tf.dispose([x, y]);

  const predict = async (batch: tf.Tensor): Promise<number> => {
    const began = performance.now();
    const predictions = model.predict(batch) as tf.Tensor;
    await predictions.data();
    const seconds = since(began);
    predictions.dispose();
    return seconds;
  };
  const one = images(1, row.inputShape, 3);
  const predictOne: number[] = [];
  for (let repeat = 0; repeat < 121; repeat += 1) {
    predictOne.push(await predict(one));
  }
  const many = images(predictSamples, row.inputShape, 4);
  const predictMany = [await predict(many), await predict(many)];

  const peak = peakMegabytes();
  const cpu = process.cpuUsage();
  console.log(
    JSON.stringify({
      parameters: model.countParams(),
      secondsPerEpoch,
      epochSpans,
      firstEpoch,
      startToFirstEpoch,
      evaluateFirst: evaluations[0],
      evaluate: evaluations[1],
      predictOneFirst: predictOne[0],
      predictOne: predictOne.slice(21).sort((a, b) => a - b)[50],
      predictManyFirst: predictMany[0],
      predictMany: predictMany[1],
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
 * For each layer with weights it counts the products of the forward pass, of the gradient of the
 * weights and, except for the first layer, of the gradient of the inputs.
 */
function operationsOf(model: tf.LayersModel): number {
  const products = layerCosts(model)
    .filter(({ type }) => type === "Conv2D" || type === "Dense")
    .map((cost) => cost.multiplications);
  const all = products.reduce((sum, each) => sum + each, 0);
  return 2 * (3 * all - products[0]!);
}

/** Returns the seconds since a time of `performance.now()`. */
function since(began: number): number {
  return (performance.now() - began) / 1000;
}

void main();
