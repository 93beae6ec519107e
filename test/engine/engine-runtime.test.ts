/**
 * Tests that a new runtime has the initial state, and that the engine works in it.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { compilation, isEngineOn, setEngine, tf } from "../../src/engine";
import {
  beginRuntime,
  EngineRuntime,
  runtime,
} from "../../src/engine/engine-runtime";
import { errorWith } from "../error-with";

after(() => setEngine("on"));

async function train(): Promise<tf.Sequential> {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3], activation: "relu" }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {
    epochs: 3,
    batchSize: 4,
    verbose: 0,
  });
  return model;
}

test("a new runtime is refused while the engine is on", () => {
  assert.throws(
    beginRuntime,
    errorWith("ERR_INVALID_STATE", 'setEngine("off")'),
  );
});

test("nothing of a run is left in the runtime, except what the engine has installed", async () => {
  await train();
  assert.equal(runtime.recorder, undefined);
  assert.equal(runtime.activeLayer, undefined);
  assert.equal(runtime.variableObserver, undefined);
  assert.equal(runtime.stepKey, undefined);
});

test("off, the engine leaves no wrapper, and a new runtime is as the first", async () => {
  const before = runtime;
  setEngine("graph");
  await train();
  setEngine("off");
  assert.deepEqual(
    [before.kernels.size, before.gradients.size, before.layers.length],
    [0, 0, 0],
  );
  assert.equal(before.models.length, 0);
  assert.equal(before.collection, undefined);
  beginRuntime();
  assert.notEqual(runtime, before);
  assert.deepEqual(runtime, new EngineRuntime());
  assert.equal(runtime.mode, "on");
  assert.equal(isEngineOn(), false);
});

test("the engine compiles in a new runtime", async () => {
  setEngine("off");
  beginRuntime();
  setEngine("graph");
  const { training } = compilation(await train());
  assert.ok(training.graph > 0, training.reasons.join());
});
