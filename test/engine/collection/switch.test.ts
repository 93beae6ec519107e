import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  collectNow,
  startCollecting,
  stopCollecting,
} from "../../../src/engine/collection";
import { tf } from "../../../src/engine/tensorflow";
import { assertSettles, counts, settledCounts } from "./memory";

afterEach(() => {
  stopCollecting();
});

const replaced = [
  "trackTensor",
  "disposeTensor",
  "endScope",
  "gradients",
  "read",
  "reset",
] as const;

type Engine = Record<(typeof replaced)[number], unknown> & {
  state: { registeredVariables: Record<string, tf.Variable> };
};
const engine = tf.engine() as unknown as Engine;
const prototype = Object.getPrototypeOf(engine) as Engine;

test("stopping restores tfjs's own methods, and a second start has no effect", () => {
  startCollecting();
  startCollecting();
  for (const name of replaced) {
    assert.notEqual(engine[name], prototype[name], name);
  }
  stopCollecting();
  stopCollecting();
  for (const name of replaced) {
    assert.equal(engine[name], prototype[name], name);
    assert.ok(!Object.hasOwn(engine, name), name);
  }
});

test("stopped, tensors and variables stay until they are disposed", async () => {
  startCollecting();
  const start = await settledCounts();
  stopCollecting();
  (() => {
    tf.variable(tf.ones([10]), true, "left behind");
  })();
  startCollecting();
  stopCollecting();
  startCollecting();
  stopCollecting();
  await collectNow();
  // The variable was registered, the tensor it was created from was not.
  const variable = engine.state.registeredVariables["left behind"]!;
  assert.equal(counts().tensors - start.tensors, 2);
  assert.deepEqual([...variable.dataSync()], Array(10).fill(1));
  variable.dispose();
  assert.equal(counts().tensors - start.tensors, 1);
});

test("tensors created before the stop and disposed of after it are not freed again", async () => {
  startCollecting();
  const kept = tf.range(0, 10).add(0);
  const start = await settledCounts();
  stopCollecting();
  (() => {
    const clones = [kept.clone(), kept.clone()];
    startCollecting();
    clones.push(kept.clone(), kept.clone());
    stopCollecting();
    tf.dispose(clones);
  })();
  startCollecting();
  await assertSettles(start);
  assert.equal(kept.dataSync()[9], 9);
  kept.dispose();
});

test("variables created before the start are freed after it", async () => {
  startCollecting();
  const start = await settledCounts();
  stopCollecting();
  (() => {
    const value = tf.ones([10]);
    tf.variable(value);
    value.dispose();
  })();
  assert.equal(counts().tensors - start.tensors, 1);
  startCollecting();
  await assertSettles(start);
});

test("a method replaced by other code since is left unchanged", () => {
  startCollecting();
  const ours = engine.endScope as (result?: unknown) => void;
  const theirs = (result?: unknown) => {
    ours(result);
  };
  engine.endScope = theirs;
  stopCollecting();
  assert.equal(engine.endScope, theirs);
  const four = tf.tidy(() => tf.scalar(1).add(3));
  assert.equal(four.dataSync()[0], 4);
  four.dispose();
  delete (engine as Partial<Engine>).endScope;
});

test("engine().reset() keeps collecting", async () => {
  startCollecting();
  tf.variable(tf.ones([2]), true, "before");
  tf.engine().reset();
  await tf.setBackend("tensorflow");
  assert.deepEqual(Object.keys(engine.state.registeredVariables), []);
  const start = await settledCounts();
  (() => {
    tf.variable(tf.ones([3]).add(1), true, "before");
  })();
  await assertSettles(start);
  assert.equal(start.tensors, 0);
});

test("without collecting, collectNow resolves at once", async () => {
  assert.equal(await collectNow(), undefined);
});
