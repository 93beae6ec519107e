/**
 * Trains a model of the course here, and the same model in Keras, in float64 and in float32.
 *
 * The results are written to a folder of raw numbers. `model_oracle.py` reads them, computes the
 * same in both precisions, and reports how far both are from float64.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { xoroshiro128plus } from "pure-rand";
import { compileLessonModel } from "../../../bench/training/build";
import { CompiledStep } from "../../../src/engine/functions/compiled-step";
import { stepsOf } from "../../../src/engine/models/install";
import { nativeAddon } from "../../../src/engine/native/addon";
import { runtime } from "../../../src/engine/engine-runtime";
import { isEngineOn } from "../../../src/engine/switch";
import { tf } from "../../../src/engine/tensorflow";
import { setSeed } from "../../../src/training/seed";
import { runKeras } from "../../oracles/python";
import type { TrialRow } from "./trial-model";

/** The model to train, its data, and what is compared. */
export interface Trial {
  readonly row: TrialRow;
  /** Builds the row's model. */
  readonly build: () => tf.LayersModel;
  /** Determines weights, samples and labels. */
  readonly seed: number;
  readonly batchSize: number;
  /** Number of gradient descent steps, each on a different batch; 0 for none. */
  readonly steps: number;
  /** Learning rate of these steps. A power of two is exact in every precision. */
  readonly learningRate: number;
  /** Whether the outputs of the batch normalizations are compared too. */
  readonly normalized: boolean;
}

/** Largest errors, relative to the largest magnitude of the compared values. */
export interface Errors {
  readonly ours: number;
  readonly keras: number;
}

/** Errors of one trial, against float64; by name if there are several tensors. */
export interface Judgment {
  readonly outputs: Errors;
  readonly loss: Errors;
  /** Accuracy on the first training batch: here, and of Keras in float64. */
  readonly accuracy: { readonly ours: number; readonly double: number };
  readonly gradients: Readonly<Record<string, Errors>>;
  /** Moving means and variances after one step. */
  readonly statistics: Readonly<Record<string, Errors>>;
  /**
   * Distance of all weights from the reference after all steps, relative to their total change;
   * only if `steps` > 0.
   */
  readonly trained?: Errors;
  /** Only if batch normalizations are compared. */
  readonly normalized?: Normalized;
}

/** Results on the outputs of a model's batch normalizations, and on the kinks after them. */
interface Normalized {
  /** Number of outputs. */
  readonly units: number;
  readonly meanError: Errors;
  /** Number of outputs with another sign than in float64. */
  readonly flips: Errors;
  /** Errors of the gradients against float64 on the same side of every kink. */
  readonly guided: Readonly<Record<string, Errors>>;
  /**
   * The largest error of a gradient in float64 if the unit nearest to zero has the opposite sign.
   */
  readonly oneFlip: number;
}

/** Returns the largest of some errors. */
export function worst(errors: Readonly<Record<string, Errors>>): Errors {
  const all = Object.values(errors);
  return {
    ours: Math.max(...all.map(({ ours }) => ours)),
    keras: Math.max(...all.map(({ keras }) => keras)),
  };
}

/**
 * Learning rate of the step from which a gradient is determined by the change of the weights. It is
 * so large that the new weights contain only the gradient: each entry keeps its 24 bits, and as a
 * power of two the rate costs none of them.
 */
const gradientRate = 2 ** 20;

/** Steps and predictions that run operation by operation, before there is a program. */
const recordedRuns = 1;

/**
 * Runs all trials and has them judged by one Python process. Returns undefined, and skips the test,
 * if there is no Python environment.
 */
export async function judgeTrials(
  context: TestContext,
  trials: readonly Trial[],
): Promise<readonly Judgment[] | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), "convnotes-exactness-"));
  try {
    const given: object[] = [];
    for (const [index, trial] of trials.entries()) {
      const place = path.join(folder, String(index));
      await runTrial(place, trial);
      const { row, batchSize, steps, learningRate, normalized } = trial;
      const settings = { row, batchSize, steps, learningRate, normalized };
      given.push({ folder: place, trial: { ...settings, gradientRate } });
    }
    return await runKeras(
      context,
      `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, given["scripts"])
from model_oracle import judge
result = [judge(**trial) for trial in given["trials"]]`,
      { scripts: __dirname, trials: given },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Computes all values to be compared, and writes them to a folder. */
async function runTrial(folder: string, trial: Trial): Promise<void> {
  const { row, seed, batchSize, steps } = trial;
  mkdirSync(folder);
  const write = (name: string, arrays: readonly NodeJS.ArrayBufferView[]) =>
    writeFileSync(
      path.join(folder, name),
      Buffer.concat(
        arrays.map(({ buffer, byteOffset, byteLength }) =>
          Buffer.from(buffer, byteOffset, byteLength),
        ),
      ),
    );
  setSeed(seed);
  const model = trial.build();
  turnDropoutOff(model);
  const start = model.layers.map((layer) =>
    layer.getWeights().map((weight) => weight.clone()),
  );
  const reset = () =>
    model.layers.forEach((layer, index) => layer.setWeights(start[index]!));
  const weights = () =>
    model.layers.flatMap((layer) =>
      layer.getWeights().map((weight) => weight.dataSync().slice()),
    );
  write("weights", weights());

  const samples = batchSize * Math.max(1, steps);
  const { x, y } = makeData(row, samples, seed);
  write("samples", [x.dataSync()]);
  write("labels", [Int32Array.from(y.dataSync())]);
  const firstX = x.slice(0, batchSize);
  const firstY = y.slice(0, batchSize);

  const predict = () => model.predict(firstX, { batchSize }) as tf.Tensor;
  for (let run = 0; run < recordedRuns; run += 1) predict().dispose();
  write("outputs", [predict().dataSync()]);

  const optimizer = tf.train.sgd(trial.learningRate);
  compileLessonModel(model, row, optimizer);
  const fit = async (inputs: tf.Tensor, labels: tf.Tensor) => {
    const { history } = await model.fit(inputs, labels, {
      batchSize,
      epochs: 1,
      shuffle: false,
      verbose: 0,
    });
    const [loss, accuracy] = model.metricsNames.map(
      (name) => history[name]![0] as number,
    );
    return Float64Array.of(loss!, accuracy!);
  };
  for (let run = 0; run < recordedRuns; run += 1) await fit(firstX, firstY);
  reset();
  optimizer.setLearningRate(gradientRate);
  write("metrics", [await fit(firstX, firstY)]);
  write("stepped", weights());

  if (trial.normalized) {
    reset();
    write("normalized", normalizedOutputs(model, firstX));
  }
  if (steps > 0) {
    reset();
    optimizer.setLearningRate(trial.learningRate);
    await fit(x, y);
    write("trained", weights());
  }
  if (isEngineOn()) assertCompiled(model, steps);
  optimizer.dispose();
  model.dispose();
  tf.dispose([start, x, y, firstX, firstY] as tf.TensorContainer);
}

/**
 * Asserts that the written values came from programs, native ones if possible, not from tfjs's own
 * steps.
 */
function assertCompiled(model: tf.LayersModel, steps: number): void {
  const { predict, trainGathered } = stepsOf(model)!;
  const isNative = runtime.mode === "on" && nativeAddon().addon !== undefined;
  for (const { counts } of [predict, trainGathered]) {
    assert.deepEqual([...counts.reasons], []);
    if (isNative) assert.deepEqual([...counts.nativeObstacles], []);
  }
  if (isNative) {
    const { native, compiled } = trainGathered.counts;
    assert.equal(native, compiled);
  }
  // The data of the many steps has another shape than the single batch, and is recorded separately
  // if steps are graphs.
  const { compiled } = trainGathered.counts;
  if (isNative) assert.equal(compiled, recordedRuns + 1 + steps);
  else assert.equal(compiled, 1 + Math.max(0, steps - recordedRuns));
}

/**
 * Returns the outputs of a sequential model's batch normalizations in training, by a program if the
 * engine is on.
 */
function normalizedOutputs(
  model: tf.LayersModel,
  batch: tf.Tensor,
): Float32Array[] {
  const step = new CompiledStep({
    activity: "normalization",
    run: (inputs) => {
      let value = inputs[0]!;
      const outputs: tf.Tensor[] = [];
      for (const layer of model.layers) {
        value = [layer.call([value], { training: true })].flat()[0]!;
        if (layer.getClassName() === "BatchNormalization") outputs.push(value);
      }
      return outputs;
    },
  });
  if (isEngineOn()) {
    for (let run = 0; run < recordedRuns; run += 1) {
      tf.dispose(step.tensors([batch]));
    }
  }
  const outputs = step.tensors([batch]);
  if (isEngineOn()) assert.equal(step.counts.compiled, 1);
  const values = outputs.map(
    (output) => output.dataSync().slice() as Float32Array,
  );
  tf.dispose(outputs);
  step.dispose();
  return values;
}

function turnDropoutOff(model: tf.LayersModel): void {
  for (const layer of model.layers) {
    if (layer.getClassName() === "Dropout") {
      (layer as unknown as { rate: number }).rate = 0;
    }
  }
}

/** Random images in [0, 1) and random class numbers of shape (n, 1). */
function makeData(
  { inputShape, layers, loss }: TrialRow,
  samples: number,
  seed: number,
): { x: tf.Tensor; y: tf.Tensor } {
  const last = layers[layers.length - 1]!;
  assert.ok(last.kind === "dense");
  const random = xoroshiro128plus(seed);
  const draw = () => (random.unsafeNext() >>> 8) / 2 ** 24;
  const shape = [samples, ...inputShape];
  const size = tf.util.sizeFromShape(shape);
  const pixels = Float32Array.from({ length: size }, draw);
  const labels = Int32Array.from({ length: samples }, () =>
    Math.floor(draw() * last.units),
  );
  // tfjs's own sparse loss rounds its labels down, which it only does for float32.
  const dtype = loss === "logits" ? "int32" : "float32";
  return {
    x: tf.tensor(pixels, shape),
    y: tf.tensor2d(labels, [samples, 1], dtype),
  };
}
