/**
 * Trains a small network with checkpoints in this process, and prints one line of JSON with the
 * digest of its weights, the bits of its history and the next random number.
 *
 * Prints a line when training begins, so that its parent knows when it may kill this process.
 */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { tf } from "../../../src/engine/tensorflow";
import { fit } from "../../../src/training/fit";
import type { CheckpointOptions } from "../../../src/training/checkpoints/checkpoint-options";
import { compileFromLogits } from "../../../src/training/logits";
import { setSeed } from "../../../src/training/seed";

/** What the parent asks for. */
export interface SmallRun {
  /** Options of the checkpoints; none without them. */
  readonly checkpoints?: CheckpointOptions;
  readonly epochs?: number;
  readonly samples?: number;
  /** Whether to call plain `model.fit` with a callback. */
  readonly isPlain?: boolean;
  /** Calls `process.exit` after this batch of the second epoch. */
  readonly exitAt?: number;
  /** Limit of the size of files in bytes, set when training begins. */
  readonly fileLimit?: number;
}

/** What the process prints at its end. */
export interface SmallRunResult {
  readonly weights: string;
  /** The bits of each value of the history, in hexadecimal. */
  readonly history: Readonly<Record<string, string>>;
  readonly next: number;
}

/** Makes the network: batch normalization and dropout have states of their own. */
export function smallNetwork(): tf.Sequential {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      filters: 4,
      kernelSize: 3,
      activation: "relu",
      inputShape: [8, 8, 1],
    }),
  );
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.flatten());
  model.add(tf.layers.dropout({ rate: 0.4 }));
  model.add(tf.layers.dense({ units: 16, activation: "relu" }));
  model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
  compileFromLogits(model, { optimizer: tf.train.adam(0.002) });
  return model;
}

/** Returns images and labels. */
export function smallData(count: number, seed: number): [tf.Tensor, tf.Tensor] {
  return [
    tf.randomUniform([count, 8, 8, 1], 0, 1, "float32", seed),
    tf.tensor2d(
      Array.from({ length: count }, (_, row) => row % 3),
      [count, 1],
      "int32",
    ),
  ];
}

/** Returns a digest of a model's weights. */
export function digestOf(model: tf.LayersModel): string {
  const hash = createHash("sha256");
  for (const weight of model.getWeights()) {
    hash.update(Float32Array.from(weight.dataSync<"float32">()));
  }
  return hash.digest("hex");
}

/** Returns the bits of curves. */
export function bitsOf(
  curves: Readonly<Record<string, readonly unknown[]>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(curves).map(([name, values]) => [
      name,
      Buffer.from(Float64Array.from(values as number[]).buffer).toString("hex"),
    ]),
  );
}

async function main(asked: SmallRun): Promise<void> {
  const { checkpoints, epochs = 5, samples = 330 } = asked;
  const { exitAt, fileLimit } = asked;
  let epoch = 0;
  setSeed(5);
  const model = smallNetwork();
  const [x, y] = smallData(samples, 3);
  const [validationX, validationY] = smallData(50, 4);
  const begun = new tf.CustomCallback(
    {
      onTrainBegin: async () => {
        if (fileLimit !== undefined) {
          const limits = ["--pid", String(process.pid), `--fsize=${fileLimit}`];
          execFileSync("prlimit", limits);
        }
        console.log("begun");
      },
      ...(exitAt === undefined
        ? {}
        : {
            onEpochBegin: async (number: number) => {
              epoch = number;
            },
            onBatchEnd: async (batch: number) => {
              if (epoch === 1 && batch === exitAt) process.exit(0);
            },
          }),
    },
    "auto",
  );
  const options = { epochs, batchSize: 16 };
  let curves: Readonly<Record<string, readonly unknown[]>>;
  if (asked.isPlain) {
    const { checkpoints: callback } =
      await import("../../../src/training/checkpoints/checkpoint-callback");
    setSeed(7);
    const labels = tf.cast(y, "float32");
    const history = await model.fit(x, labels, {
      ...options,
      // With tfjs's progress bar, tfjs's own loop runs, which adds up the losses as float32.
      verbose: 0,
      validationData: [validationX, tf.cast(validationY, "float32")],
      callbacks: [...(checkpoints ? [callback(checkpoints)] : []), begun],
    });
    curves = history.history;
  } else {
    const history = await fit(model, x, y, {
      ...options,
      validationData: [validationX, validationY],
      seed: 7,
      progress: false,
      callbacks: begun,
      ...(checkpoints ? { checkpoints } : {}),
    });
    curves = history.curves;
  }
  const result: SmallRunResult = {
    weights: digestOf(model),
    history: bitsOf(curves),
    next: Math.random(),
  };
  console.log(JSON.stringify(result));
}

if (require.main === module) {
  void main(JSON.parse(process.argv[2] ?? "{}") as SmallRun);
}
