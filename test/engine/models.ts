/**
 * Small models, data and comparisons for the engine's tests.
 */
import { resetNotes } from "../../src/notebook/note";
import assert from "node:assert/strict";
import { setEngine, tf } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { runtime } from "../../src/engine/engine-runtime";
import { nativeAddon } from "../../src/engine/native/addon";

/** States of the engine in which every assertion must hold. */
export const states = ["on", "graph", "off"] as const;

/**
 * Number of steps on inputs of each size that are recorded before a program runs them: none if they
 * are native.
 */
export function recordedSteps(): number {
  const isNative = runtime.mode !== "graph" && nativeAddon().addon;
  return isNative ? 0 : 1;
}

/** Runs a function with the engine in a state, and switches it on afterwards. */
export async function withEngine<Result>(
  state: (typeof states)[number],
  run: () => Promise<Result> | Result,
): Promise<Result> {
  setEngine(state);
  try {
    return await run();
  } finally {
    setEngine("on");
  }
}

/** A dense classifier with 4 inputs and 3 classes. */
export function classifier(
  ...between: readonly tf.layers.Layer[]
): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 8, inputShape: [4], activation: "tanh" }));
  for (const layer of between) model.add(layer);
  model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
  return model;
}

/** Points of three classes, given by which of their first three values is the largest. */
export function points(count: number, seed = 7): [tf.Tensor2D, tf.Tensor2D] {
  return tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R2>([count, 4], 0, 1, "float32", seed);
    const y = x.slice([0, 0], [-1, 3]).argMax(1).reshape([count, 1]);
    return [x, y.toFloat() as tf.Tensor2D];
  });
}

/** Compiles a model with integer labels. */
export function compile(
  model: tf.LayersModel,
  optimizer: string | tf.Optimizer = "adam",
): void {
  model.compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
}

/** Returns a copy of a model's weights as numbers. */
export function weightsOf(model: tf.LayersModel): number[][] {
  return model
    .getWeights()
    .map((weight) => Array.from(weight.dataSync<"float32">()));
}

/** Copies the weights of one model to another. */
export function copyWeights(from: tf.LayersModel, to: tf.LayersModel): void {
  to.setWeights(from.getWeights());
}

/**
 * Asserts that two lists of numbers agree elementwise within a tolerance, which is absolute for
 * numbers up to 1 and relative above.
 */
export function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  what = "values",
): void {
  assert.equal(actual.length, expected.length, what);
  for (const [index, value] of actual.entries()) {
    const difference = Math.abs(value - expected[index]!);
    assert.ok(
      difference <= tolerance * Math.max(1, Math.abs(expected[index]!)),
      `${what}: value ${index} is ${value}, expected ${expected[index]} to within ${tolerance}`,
    );
  }
}

/** Number of training steps of a model that ran as a program. */
export function compiledSteps(model: tf.LayersModel): number {
  const steps = stepsOf(model);
  return steps === undefined
    ? 0
    : steps.train.counts.compiled + steps.trainGathered.counts.compiled;
}

/** Reasons why a model's steps were not compiled. */
export function reasons(model: tf.LayersModel): string[] {
  const steps = stepsOf(model);
  if (steps === undefined) return [];
  return Object.values({
    train: steps.train,
    trainGathered: steps.trainGathered,
    test: steps.test,
    testGathered: steps.testGathered,
    predict: steps.predict,
    predictGathered: steps.predictGathered,
  }).flatMap(({ counts }) => [...counts.reasons]);
}

/** Runs a function and returns the warnings that it prints on the console. */
export async function warningsOf(
  run: () => Promise<unknown>,
): Promise<string[]> {
  const warnings: string[] = [];
  // Each note is printed only once per process.
  resetNotes();
  const { warn } = console;
  console.warn = (...parts: unknown[]) => warnings.push(parts.join(" "));
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return warnings;
}
