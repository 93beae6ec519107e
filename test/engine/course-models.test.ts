/**
 * Tests that the course's models consist of stock parts: their steps run without JavaScript. About
 * 10 s.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  buildLessonModel,
  compileLessonModel,
} from "../../bench/training/build";
import { tf } from "../../src";
import { stepsOf } from "../../src/engine/models/install";
import { recordedSteps } from "./models";

// The smaller ones of each kind. A softmax with cached logits comes first, before anything else was
// checked.
for (const name of ["1", "3a", "3c", "4", "0a", "0b"]) {
  test(`model ${name}`, async () => {
    const model = buildLessonModel(name);
    compileLessonModel(model, { loss: "logits", learningRate: 0.001 });
    const [, ...shape] = model.inputs[0]!.shape as number[];
    const x = tf.zeros([4, ...shape]);
    const y = tf.zeros([4, 1], "int32");
    for (let step = 0; step < 4; step += 1) {
      await model.trainOnBatch(x, y);
      tf.dispose(model.predict(x));
      tf.dispose(model.evaluate(x, y));
    }
    const { train, predict, testGathered } = stepsOf(model)!;
    for (const { counts } of [train, predict, testGathered]) {
      const { stepByStep, traced, compiled } = counts;
      const recorded = recordedSteps();
      assert.deepEqual([stepByStep, compiled], [recorded, 4 - recorded]);
      // tfjs adds a field to the model in its first evaluation.
      assert.ok(traced <= 2, `${traced} steps were traced`);
    }
    tf.dispose([x, y]);
    model.dispose();
  });
}

test("a sequential model as a layer of a functional one", async () => {
  const base = tf.sequential();
  base.add(tf.layers.dense({ units: 3, inputShape: [2] }));
  const input = tf.input({ shape: [2] });
  const outputs = tf.layers
    .dense({ units: 1 })
    .apply(base.apply(input)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const x = tf.ones([4, 2]);
  const y = tf.ones([4, 1]);
  for (let step = 0; step < 6; step += 1) await model.trainOnBatch(x, y);
  const { stepByStep, traced } = stepsOf(model)!.train.counts;
  assert.ok(stepByStep + traced <= 3, `${traced} steps were traced`);
  tf.dispose([x, y]);
  model.dispose();
});
