/**
 * Tests the course's ten models after 20 steps of gradient descent: their weights must be as close
 * to float64 as Keras's.
 *
 * The measure is the distance of all weights together from the float64 weights, relative to the
 * distance covered in training. The rounding of the weights contributes 2e-5 to 7e-5. Occasionally
 * a unit is on another side of a ReLU than in float64, here or in Keras (see
 * test/engine/exactness/batch-normalization.test.ts). From there on the weights differ slightly,
 * which lets more units change sides. In 20 batches this happens to most of the larger models, and
 * the distance is then 1e-4 to 7e-2. Therefore each model is trained with three seeds, and the
 * medians of the distances are compared.
 *
 * Observed medians, ours / Keras's: 0a 4.4e-5 / 4.4e-5, 0b 6.8e-3 / 6.8e-3, 0c 8.1e-4 / 1.1e-3, 1
 * 6.6e-5 / 6.6e-5, 2 9.1e-3 / 7.1e-3, 3a 1.5e-5 / 1.5e-5, 3b 2.9e-5 / 2.9e-5, 3c 1.0e-5 / 1.0e-5,
 * 3d 2.1e-5 / 2.1e-5, 4 3.6e-5 / 2.6e-5.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildLessonModel, lessonModels } from "../../bench/training/build";
import { judgeTrials } from "../engine/exactness/model-trial";

const seeds = [1, 2, 3];

/** A bound above the contribution of the weights' rounding. */
const floor = 1e-4;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[(values.length - 1) / 2]!;

for (const row of lessonModels) {
  test(`model ${row.name}: after 20 steps as exact as Keras`, async (context) => {
    const judgments = await judgeTrials(
      context,
      seeds.map((seed) => ({
        row,
        build: () => buildLessonModel(row.name),
        seed,
        batchSize: 8,
        steps: 20,
        learningRate: 2 ** -8,
        normalized: false,
      })),
    );
    if (judgments === undefined) return;
    const distances = judgments.map(({ trained }) => trained!);
    context.diagnostic(JSON.stringify(distances));
    assert.equal(distances.length, seeds.length);
    const ours = median(distances.map((each) => each.ours));
    const keras = median(distances.map((each) => each.keras));
    assert.ok(ours <= 3 * keras + floor, JSON.stringify(distances));
  });
}
