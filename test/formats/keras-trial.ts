/**
 * Compares saved models with Keras: one Python process opens, trains and saves them.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import {
  getWeights,
  loadModel,
  loadWeights,
  saveModel,
  saveWeights,
  type tf,
} from "../../src";
import { temporaryFolder } from "../data/temporary-folder";
import { forPython } from "../keras/row";
import { runKeras } from "../oracles/python";
import {
  fillWeights,
  inputsOf,
  labelsOf,
  modelOf,
  predicted,
  relativeDistance,
  train,
  type ModelCase,
} from "./model-case";

/** Cases by name. */
export type ModelCases = Readonly<Record<string, ModelCase>>;

/** What Keras computes for a case, or its error. */
interface Reference {
  readonly error?: string;
  readonly predicted: number[][];
  readonly steps: number;
  readonly "from weights": number[][];
  /** The weights after ten further steps. */
  readonly trained?: number[][];
}

/** A model, and what Keras computes for it. */
export interface Trial {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor[];
  readonly y: tf.Tensor[];
  readonly reference: Reference;
  /** The path of the case's files, without ending. */
  readonly place: string;
}

/**
 * Saves all models, and lets Keras open them. Skips the test and returns undefined if there is no
 * Python environment.
 */
async function prepareTrials(
  context: TestContext,
  cases: ModelCases,
): Promise<Record<string, Trial> | undefined> {
  const folder = await temporaryFolder(context);
  const trials: Record<string, Omit<Trial, "reference">> = {};
  const given: Record<string, object> = {};
  for (const [name, each] of Object.entries(cases)) {
    const model = modelOf(each);
    const x = inputsOf(model, each);
    const y = labelsOf(model, x);
    if (each.steps !== undefined) await train(model, x, y, each.steps);
    const place = path.join(folder, name);
    await saveModel(model, `${place}.keras`);
    await saveWeights(model, `${place}.weights.h5`);
    trials[name] = { model, x, y, place };
    const trains = each.trains === true && model.trainableWeights.length > 0;
    given[name] = { x: x.map(forPython), y: y.map(forPython), trains };
  }
  await writeFile(path.join(folder, "cases.json"), JSON.stringify(given));
  // With it, TensorFlow's gradient of small convolutions crashes in Python.
  process.env["TF_ENABLE_ONEDNN_OPTS"] = "0";
  const references = await runKeras<Record<string, Reference>>(
    context,
    `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, given["scripts"])
from keras_files import trials
result = trials(given["folder"])`,
    { scripts: __dirname, folder },
  );
  if (references === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(trials).map(([name, trial]) => [
      name,
      { ...trial, reference: references[name]! },
    ]),
  );
}

/** Compares all cases with Keras, each in a test of its name. */
export async function checkTrials(
  context: TestContext,
  cases: ModelCases,
): Promise<void> {
  const trials = await prepareTrials(context, cases);
  if (trials === undefined) return;
  for (const [name, each] of Object.entries(cases)) {
    await context.test(name, () => checkTrial(each, trials[name]!));
  }
}

const weightsOf = (model: tf.LayersModel) =>
  getWeights(model).map(({ data }) => data);

/** Asserts that values differ by at most `bound`, relative to the largest. */
function assertNear(
  what: string,
  ours: ArrayLike<number>[],
  theirs: number[][],
  bound: number,
): void {
  const distance = relativeDistance(ours, theirs);
  assert.ok(distance <= bound, `${what}: ${distance} from Keras`);
}

/** Checks what Keras made of a model, and opens what Keras saved. */
async function checkTrial(each: ModelCase, trial: Trial): Promise<void> {
  const { model, x, y, reference, place } = trial;
  const { steps = 0, bound = 1e-4 } = each;
  assert.equal(reference.error, undefined);
  assert.equal(reference.steps, steps);
  assertNear("predicted", predicted(model, x), reference.predicted, 1e-5);
  assertNear(
    "weights file",
    predicted(model, x),
    reference["from weights"],
    1e-5,
  );
  const again = await loadModel(`${place}.again.keras`);
  assertNear("opened", predicted(again, x), reference.predicted, 1e-5);
  assert.equal(again.optimizer.iterations, steps);
  if (reference.trained !== undefined) {
    await train(model, x, y, 10);
    assertNear("trained", weightsOf(model), reference.trained, bound);
    await train(again, x, y, 10);
    assertNear("opened, trained", weightsOf(again), reference.trained, bound);
  }
  fillWeights(model, 5);
  await loadWeights(model, `${place}.again.weights.h5`);
  assertNear("loaded weights", predicted(model, x), reference.predicted, 1e-5);
}
