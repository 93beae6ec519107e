/**
 * Defines tests of random models, several per test, and a test of the accuracy of all of them.
 */
import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import {
  assertComplete,
  assertSameAccuracy,
  describeWorst,
  errorsOf,
  findTooFar,
  worstGradient,
  type NamedErrors,
} from "./comparison";
import { judgeTrials, type Trial } from "./model-trial";
import { drawRow } from "./random-row";
import { buildTrialModel, type TrialRow } from "./trial-model";

/**
 * Seeds of weights and samples: a model that fails with the first is tried once more. A unit may be
 * within rounding of a kink. In tensors with few values, Keras's errors are occasionally a third of
 * their usual size.
 */
const seeds = [1, 2];

/** Number of models judged by one Python process. */
const together = 20;

function trialOf(row: TrialRow, seed: number): Trial {
  return {
    row,
    build: () => buildTrialModel(row),
    seed,
    batchSize: 8,
    steps: 0,
    learningRate: 1,
    normalized: row.layers.some(({ kind }) => kind === "batchNormalization"),
  };
}

/** Defines tests of the models of `count` seeds. */
export function testRandomModels(first: number, count: number): void {
  const all: NamedErrors[] = [];
  describe(`random models of the seeds ${first} to ${first + count - 1} are as accurate as Keras's`, () => {
    for (let from = first; from < first + count; from += together) {
      const end = Math.min(from + together, first + count);
      test(`seeds ${from} to ${end - 1}`, async (context) => {
        all.push(...(await judgeModels(context, from, end)));
      });
    }
  });

  test("errors of the gradients of random models", (context) => {
    if (all.length === 0) return context.skip("no model was judged");
    const ratios = all
      .map((errors) => worstGradient(errors))
      .map(({ ours, keras }) => ours / keras)
      .sort((a, b) => a - b);
    const at = (share: number) =>
      ratios[Math.round(share * (ratios.length - 1))]!.toFixed(2);
    context.diagnostic(
      `the worst gradient's error over Keras's, ${ratios.length} models: median ${at(0.5)}, 95th percentile ${at(0.95)}, maximum ${at(1)}`,
    );
  });
}

/** Judges the models of the seeds [first, end); returns the errors of each model's first trial. */
async function judgeModels(
  context: TestContext,
  first: number,
  end: number,
): Promise<NamedErrors[]> {
  let rows = Array.from({ length: end - first }, (_, index) =>
    drawRow(first + index),
  );
  const found = new Map<string, NamedErrors>();
  let faults: string[] = [];
  for (const seed of seeds) {
    const trials = rows.map((row) => trialOf(row, seed));
    const judgments = await judgeTrials(context, trials);
    if (judgments === undefined) return [];
    assert.equal(judgments.length, rows.length);
    faults = [];
    rows = rows.filter((row, index) => {
      const errors = errorsOf(judgments[index]!);
      if (!found.has(row.name)) found.set(row.name, errors);
      context.diagnostic(`${row.name}: ${describeWorst(errors)}`);
      assertComplete(row, errors);
      assertSameAccuracy(row, judgments[index]!);
      const tooFar = findTooFar(errors);
      const layers = JSON.stringify(row.layers);
      faults.push(...tooFar.map((fault) => `${row.name}: ${fault}, ${layers}`));
      return tooFar.length > 0;
    });
    if (rows.length === 0) break;
  }
  assert.deepEqual(faults, []);
  return [...found.values()];
}
