/**
 * The bounds for the accuracy of batch normalization; batch-normalization.test.ts explains them and
 * lists observed errors.
 */
import assert from "node:assert/strict";
import { type TestContext } from "node:test";
import { buildLessonModel, lessonModel } from "../../../bench/training/build";
import { setEngine } from "../../../src/engine/switch";
import { judgeTrials, worst, type Trial } from "./model-trial";
import { smoothRow } from "./smooth-model";
import { buildTrialModel } from "./trial-model";

/**
 * Largest error of a gradient with the correct signs. Observed: 4e-6, and 7e-6 in the models
 * without kinks.
 */
const rounding = 2e-5;

const common = {
  batchSize: 8,
  steps: 0,
  learningRate: 1,
  normalized: true,
} as const;

const lesson = (name: string, seed: number): Trial => ({
  ...common,
  seed,
  row: lessonModel(name),
  build: () => buildLessonModel(name),
});

const smooth = smoothRow("0b");
const withoutKinks: Trial = {
  ...common,
  seed: 1,
  row: smooth,
  build: () => buildTrialModel(smooth),
};

/**
 * Asserts that lesson 0's second model, with each seed, and a model without kinks have only
 * rounding errors and units with the opposite sign.
 */
export async function assertRounding(
  context: TestContext,
  form: "fused" | "composed",
  seeds: readonly number[],
): Promise<void> {
  setEngine(form === "fused" ? "on" : "off");
  const judgments = await judgeTrials(context, [
    ...seeds.map((seed) => lesson("0b", seed)),
    withoutKinks,
  ]);
  if (judgments === undefined) return;
  assert.equal(judgments.length, seeds.length + 1);
  let flips = 0;
  let expectedFlips = 0;
  for (const { normalized, gradients } of judgments.slice(0, -1)) {
    const { guided, units, meanError, oneFlip } = normalized!;
    context.diagnostic(
      JSON.stringify({
        gradients: worst(gradients),
        guided: worst(guided),
        flips: normalized!.flips,
        meanError,
        oneFlip,
      }),
    );
    assert.ok(worst(guided).ours < rounding, JSON.stringify(guided));
    assert.ok(worst(guided).keras < rounding, JSON.stringify(guided));
    assert.ok(oneFlip > 1e-4 && oneFlip < 0.5, `${oneFlip}`);
    assert.ok(meanError.ours < 3e-6, `${meanError.ours}`);
    assert.ok(meanError.ours < 3 * meanError.keras, JSON.stringify(meanError));
    flips += normalized!.flips.ours;
    expectedFlips += 0.4 * units * meanError.ours;
  }
  // As rare as expected by chance: a Poisson-distributed count, within five standard deviations.
  assert.ok(
    flips <= expectedFlips + 5 * Math.sqrt(expectedFlips) + 1,
    `${flips} units have the opposite sign, expected ${expectedFlips}`,
  );
  const { gradients } = judgments[seeds.length]!;
  assert.ok(worst(gradients).ours < rounding, JSON.stringify(gradients));
  assert.ok(worst(gradients).keras < rounding, JSON.stringify(gradients));
}
