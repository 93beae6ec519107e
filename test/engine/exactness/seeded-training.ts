/**
 * Trains a small model from a seed given on the command line, and prints the result.
 * determinism.test.ts runs this program in new processes.
 */
import { createHash } from "node:crypto";
import { stepsOf } from "../../../src/engine/models/install";
import { tf } from "../../../src/engine/tensorflow";
import { setSeed } from "../../../src/training/seed";

/** The program's output, as JSON. */
export interface SeededTraining {
  /** SHA-256 of the bits of all weights. */
  readonly weights: string;
  readonly losses: readonly number[];
  /** Number of steps that ran as a program. */
  readonly compiled: number;
}

async function main(): Promise<void> {
  setSeed(Number(process.argv[2]));
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 16,
        kernelSize: 3,
        padding: "same",
        inputShape: [16, 16, 3],
      }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
      tf.layers.dropout({ rate: 0.25 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 32, activation: "relu" }),
      tf.layers.dropout({ rate: 0.3 }),
      tf.layers.dense({ units: 4, activation: "softmax" }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.01),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const samples = 200;
  const x = tf.randomUniform([samples, 16, 16, 3], 0, 1, "float32", 1);
  const y = tf.oneHot(
    Int32Array.from({ length: samples }, (_, index) => index % 4),
    4,
  );
  // The last batch of each epoch is smaller, and has a separate program.
  const { history } = await model.fit(x, y, {
    epochs: 4,
    batchSize: 32,
    verbose: 0,
  });
  const hash = createHash("sha256");
  for (const weight of model.getWeights()) {
    hash.update(Uint8Array.from(Buffer.from(weight.dataSync().buffer)));
  }
  const result: SeededTraining = {
    weights: hash.digest("hex"),
    losses: history["loss"] as number[],
    compiled: stepsOf(model)?.trainGathered.counts.compiled ?? 0,
  };
  console.log(JSON.stringify(result));
}

void main();
