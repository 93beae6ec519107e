/**
 * Trains lesson 4's model like the lesson, with shuffling and dropout, from the seed on the command
 * line, and prints the results.
 *
 * determinism.test.ts runs this program in separate processes.
 */
import { createHash } from "node:crypto";
import { load } from "../../src/data/load";
import { scale } from "../../src/data/scale";
import { stepsOf } from "../../src/engine/models/install";
import { tf } from "../../src/engine/tensorflow";
import { fit } from "../../src/training/fit";
import { compileFromLogits } from "../../src/training/logits";
import { setSeed } from "../../src/training/seed";
import { withHost } from "../notebook/notebook-host";
import { lesson4Layers, weightsOf } from "./lesson-runs";

/** The program's output, as JSON. */
export interface SeededLesson {
  /** SHA-256 of the initial weights. */
  readonly initial: string;
  /** SHA-256 of the weights after training. */
  readonly trained: string;
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** Number of compiled steps. */
  readonly compiled: number;
}

async function main(): Promise<void> {
  // Suppresses the displays of data generation and training.
  const {
    result: { train, test },
  } = await withHost(() =>
    load("cifar-10", { from: "synthetic", trainSamples: 205, testSamples: 50 }),
  );
  setSeed(Number(process.argv[2]));
  const model = tf.sequential({ layers: lesson4Layers(0.5) });
  compileFromLogits(model, { optimizer: "adam" });
  const initial = hash(weightsOf(model));
  const { result } = await withHost(() =>
    fit(model, scale(train.images), train.labels.tensor(), {
      epochs: 2,
      batchSize: 10,
      validationData: [scale(test.images), test.labels.tensor()],
    }),
  );
  const printed: SeededLesson = {
    initial,
    trained: hash(weightsOf(model)),
    curves: result.curves,
    compiled: stepsOf(model)?.trainGathered.counts.compiled ?? 0,
  };
  console.log(JSON.stringify(printed));
}

function hash(weights: Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(weights.buffer))
    .digest("hex");
}

void main();
