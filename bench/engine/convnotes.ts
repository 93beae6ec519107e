/**
 * Runs one workload of the benchmark `engine`, with the engine set by the environment.
 *
 * Started by `bench/engine.mjs`. Prints one line of JSON: seconds, CPU seconds and MB of 2^20
 * bytes.
 */
import { parseArgs } from "node:util";
import { fit, tf } from "convnotes";
import { coded } from "../../src/notebook/coded-error";
import { peakMegabytes } from "../memory";
import {
  buildLessonModel,
  compileLessonModel,
  lessonModel,
} from "../training/build";
import { OwnDense, ownCrossEntropy, ownSquaredError } from "./parts";

/** A workload. Returns the seconds per step in steady state if the row measures them. */
type Workload = () => Promise<number | void>;

const workloads: Readonly<Record<string, Workload>> = {
  "long-recurrence": longRecurrence,
  "shapes-in-turn": () => manyShapes(400, (step) => 3 + (step % 20)),
  "shapes-once": () => manyShapes(60, (step) => 3 + step),
  "models-in-turn": modelsInTurn,
  "dense-stock": () => denseParts("stock"),
  "dense-own": () => denseParts("own"),
  "cnn-stock": () => convolutionalParts("stock"),
  "cnn-own": () => convolutionalParts("own"),
  "course-fit": () => smallDense("course"),
  "model-fit": () => smallDense("model"),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { workload: { type: "string" } } });
  const workload = workloads[values.workload ?? ""];
  if (workload === undefined) {
    throw coded(
      "ERR_UNKNOWN_NAME",
      new Error(
        `Expected a workload to be one of ${Object.keys(workloads).join(", ")}, received ${values.workload}`,
      ),
    );
  }
  const began = performance.now();
  const secondsPerStep = await workload();
  const seconds = (performance.now() - began) / 1000;
  const cpu = process.cpuUsage();
  console.log(
    JSON.stringify({
      seconds,
      ...(secondsPerStep === undefined ? {} : { secondsPerStep }),
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      peakMegabytes: peakMegabytes(),
      version: `tfjs ${tf.version["tfjs-core"]}, Node ${process.versions.node}`,
    }),
  );
}

/** Trains an LSTM over 100 steps with 240 training steps in one fit. */
async function longRecurrence(): Promise<void> {
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({ units: 8, inputShape: [100, 4] }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const x = tf.randomNormal([64, 100, 4]);
  const y = tf.randomNormal([64, 1]);
  await model.fit(x, y, { epochs: 30, batchSize: 8, verbose: 0 });
}

/** Trains on batches of texts, each batch of one length. */
async function manyShapes(
  steps: number,
  lengthAt: (step: number) => number,
): Promise<void> {
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 50, outputDim: 8 }),
      tf.layers.gru({ units: 8 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const y = tf.randomNormal([8, 1]);
  for (let step = 0; step < steps; step += 1) {
    const x = tf.randomUniform([8, lengthAt(step)], 0, 50, "int32");
    await model.trainOnBatch(x, y);
    x.dispose();
  }
}

/** Trains and disposes of 60 models of 4 MB one after another, as in a hyperparameter search. */
async function modelsInTurn(): Promise<void> {
  const x = tf.randomNormal([64, 500]);
  const y = tf.randomNormal([64, 10]);
  for (let count = 0; count < 60; count += 1) {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2000, inputShape: [500], activation: "relu" }),
        tf.layers.dense({ units: 10 }),
      ],
    });
    const optimizer = tf.train.adam(0.001);
    model.compile({ optimizer, loss: "meanSquaredError" });
    await model.fit(x, y, { epochs: 5, batchSize: 32, verbose: 0 });
    tf.dispose(model.predict(x));
    model.dispose();
    optimizer.dispose();
  }
}

/** Trains a small dense model whose hidden layer and loss are TensorFlow.js's or custom. */
function denseParts(parts: "stock" | "own"): Promise<number> {
  const hidden = { units: 32, inputShape: [64] };
  const model = tf.sequential({
    layers: [
      parts === "own"
        ? new OwnDense(hidden)
        : tf.layers.dense({ ...hidden, activation: "relu" }),
      tf.layers.dense({ units: 32, activation: "relu" }),
      tf.layers.dense({ units: 10 }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.001),
    loss: parts === "own" ? ownSquaredError(1) : "meanSquaredError",
  });
  const samples = 3200;
  return stepTime(model, {
    x: tf.randomNormal([samples, 64]),
    y: tf.randomNormal([samples, 10]),
    batchSize: 32,
    epochs: 20,
  });
}

/** Trains lesson 1's model, with its dense layer and loss TensorFlow.js's or custom. */
function convolutionalParts(parts: "stock" | "own"): Promise<number> {
  const row = lessonModel("1");
  const model = tf.sequential();
  for (const layer of buildLessonModel(row.name).layers) {
    const isHidden = layer.getConfig()["units"] === 64;
    model.add(
      parts === "own" && isHidden ? new OwnDense({ units: 64 }) : layer,
    );
  }
  model.compile({
    optimizer: tf.train.adam(row.learningRate),
    loss: parts === "own" ? ownCrossEntropy(1e-7) : "categoricalCrossentropy",
  });
  const samples = 20 * row.batchSize;
  const classes = tf.range(0, samples, 1, "int32").mod(tf.scalar(10, "int32"));
  return stepTime(model, {
    x: tf.randomUniform([samples, ...row.inputShape]),
    y: tf.cast(tf.oneHot(classes, 10), "float32"),
    batchSize: row.batchSize,
    epochs: 10,
  });
}

/** Trains lesson 3's small dense model with the course's `fit` or with `model.fit`. */
async function smallDense(by: "course" | "model"): Promise<number> {
  const row = lessonModel("3a");
  const model = buildLessonModel(row.name);
  compileLessonModel(model, row);
  const steps = 30;
  const samples = steps * row.batchSize;
  const epochs = 24;
  const x = tf.randomUniform([samples, ...row.inputShape]);
  const y = tf.floor(tf.randomUniform([samples, 1], 0, 10));
  const ends: number[] = [];
  const onEpochEnd = (): void => void ends.push(performance.now());
  if (by === "course") {
    await fit(model, x, y, {
      epochs,
      batchSize: row.batchSize,
      progress: false,
      onEpochEnd,
    });
  } else {
    await model.fit(x, y, {
      epochs,
      batchSize: row.batchSize,
      verbose: 0,
      callbacks: { onEpochEnd: async () => onEpochEnd() },
    });
  }
  return lateStepTime(ends, steps);
}

interface Run {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly batchSize: number;
  readonly epochs: number;
}

/** Trains a model and returns the seconds per step. */
async function stepTime(
  model: tf.LayersModel,
  { x, y, batchSize, epochs }: Run,
): Promise<number> {
  const ends: number[] = [];
  await model.fit(x, y, {
    epochs,
    batchSize,
    verbose: 0,
    callbacks: { onEpochEnd: async () => void ends.push(performance.now()) },
  });
  return lateStepTime(ends, x.shape[0] / batchSize);
}

/**
 * Returns the seconds per step in the second half of the epochs, after compilation. `ends` is in
 * ms.
 */
function lateStepTime(ends: readonly number[], steps: number): number {
  const middle = ends.length >> 1;
  const epochs = ends.length - middle;
  return (ends[ends.length - 1]! - ends[middle - 1]!) / 1000 / (epochs * steps);
}

void main();
