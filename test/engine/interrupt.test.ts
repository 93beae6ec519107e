/**
 * Tests code that is aborted in the middle of a step, as by an interrupt in a notebook: no
 * `finally` block runs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import vm from "node:vm";
import { tf } from "../../src/engine";
import type { ModelInternals } from "../../src/engine/tfjs/model-internals";
import { isRecording } from "../../src/engine/recording/active-recorder";
import { markEngine, repairEngine } from "../../src/engine/tfjs/engine-repair";
import { tfjsEngine } from "../../src/engine/tfjs/engine-state";
import {
  assertClose,
  classifier,
  compile,
  compiledSteps,
  copyWeights,
  points,
  weightsOf,
  withEngine,
} from "./models";

/** Runs until V8 aborts it, and repairs tfjs's engine as the kernel does after an interrupt. */
function endInTheMiddle(run: () => unknown, milliseconds: number): void {
  const mark = markEngine(tfjsEngine());
  (globalThis as { interrupted?: () => unknown }).interrupted = run;
  assert.throws(
    () => vm.runInThisContext("interrupted()", { timeout: milliseconds }),
    /timed out/,
  );
  repairEngine(tfjsEngine(), mark);
}

describe("aborted in the middle", () => {
  test("of a recorded step: all wrappers are removed, and the model continues training as in tfjs", async () => {
    const [x, y] = points(32);
    let spins = false;
    const make = () => {
      const model = classifier();
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: "sparseCategoricalCrossentropy",
        metrics: [
          function spin(_labels: tf.Tensor, outputs: tf.Tensor) {
            while (spins);
            return tf.max(outputs);
          },
        ],
      });
      return model;
    };
    const model = make();
    const twin = make();
    copyWeights(model, twin);
    const inside = (model as unknown as { model: ModelInternals }).model;
    const backend = tf.backend();
    spins = true;
    endInTheMiddle(() => inside.makeTrainFunction()([x, y]), 300);
    spins = false;
    assert.equal(isRecording(), false);
    assert.deepEqual(
      Object.getOwnPropertyNames(backend).filter((name) =>
        ["executeSingleOutput", "executeMultipleOutputs", "write"].includes(
          name,
        ),
      ),
      [],
    );
    assert.ok(!Object.hasOwn(model.optimizer, "applyGradients"));
    const train = (each: tf.LayersModel) =>
      each.fit(x, y, {
        epochs: 6,
        batchSize: 16,
        shuffle: false,
        verbose: 0,
      });
    await train(model);
    await withEngine("off", () => train(twin));
    const expected = weightsOf(twin);
    for (const [index, weights] of weightsOf(model).entries()) {
      assertClose(weights, expected[index]!, 2e-5);
    }
    assert.ok(compiledSteps(model) > 5);
  });

  test("of compiled steps: the weights are those after some complete step", async () => {
    const [x, y] = points(32);
    const model = classifier();
    compile(model, "adam");
    await model.fit(x, y, { epochs: 3, batchSize: 32, verbose: 0 });
    const inside = (model as unknown as { model: ModelInternals }).model;
    for (let repetition = 0; repetition < 5; repetition += 1) {
      const step = inside.makeTrainFunction();
      for (let count = 0; count < 4; count += 1) tf.dispose(step([x, y]));
      let steps = 0;
      const train = () => {
        for (;;) {
          tf.dispose(step([x, y]));
          steps += 1;
        }
      };
      // On a busy machine, the first time may be too short for one step.
      let milliseconds = 200 + 17 * repetition;
      for (; steps === 0; milliseconds *= 2) {
        endInTheMiddle(train, milliseconds);
      }
      assert.ok(weightsOf(model).flat().every(Number.isFinite));
    }
    const twin = classifier();
    compile(twin, tf.train.sgd(0.1));
    copyWeights(model, twin);
    compile(model, tf.train.sgd(0.1));
    const train = (each: tf.LayersModel) =>
      each.fit(x, y, { epochs: 4, batchSize: 32, shuffle: false, verbose: 0 });
    await train(model);
    await withEngine("off", () => train(twin));
    const expected = weightsOf(twin);
    for (const [index, weights] of weightsOf(model).entries()) {
      assertClose(weights, expected[index]!, 2e-5);
    }
  });
});
