import assert from "node:assert/strict";
import { before, test } from "node:test";
import { startCollecting } from "../../../src/engine/collection";
import { tf } from "../../../src/engine/tensorflow";
import { assertSettles, counts, settledCounts, touch } from "./memory";

before(() => {
  startCollecting();
});

function names(): string[] {
  return Object.keys(tf.engine().registeredVariables);
}

test("a variable that is dropped is freed, and its name is free again", async () => {
  const start = await settledCounts();
  const known = names();
  (() => {
    touch(tf.variable(tf.ones([10]), true, "weights"));
    assert.throws(
      () => tf.variable(tf.ones([1]), true, "weights"),
      /already registered/,
    );
  })();
  assert.ok(names().includes("weights"));
  await assertSettles(start);
  assert.deepEqual(names(), known);
  const again = tf.variable(tf.zeros([3]), true, "weights");
  assert.equal(tf.engine().registeredVariables["weights"], again);
  again.dispose();
  await assertSettles(start);
});

test("the data that a variable holds last is freed", async () => {
  const start = await settledCounts();
  const last = (() => {
    const variable = tf.variable(tf.zeros([100]));
    for (let step = 1; step <= 20; step++) {
      variable.assign(tf.fill([100], step));
    }
    const value = tf.fill([100], 21);
    variable.assign(value);
    return value;
  })();
  // The variable was collected, the tensor that it shared its data with was not.
  const now = await settledCounts();
  assert.equal(now.tensors - start.tensors, 1);
  assert.equal(now.handles - start.handles, 1);
  assert.equal(last.dataSync()[0], 21);
  last.dispose();
  await assertSettles(start);
});

test("a variable keeps its value when the tensor it was assigned is dropped", async () => {
  const start = await settledCounts();
  const variable = tf.variable(tf.range(0, 4).add(1));
  for (let step = 0; step < 5; step++) {
    variable.assign(variable.mul(2));
    assert.equal((await settledCounts()).tensors - start.tensors, 1);
  }
  assert.deepEqual([...variable.dataSync()], [32, 64, 96, 128]);
  variable.dispose();
  await assertSettles(start);
});

test("disposing of a variable twice does not free the data of others", async () => {
  const start = await settledCounts();
  const value = tf.range(0, 4).add(1);
  const variable = tf.variable(value);
  variable.dispose();
  variable.dispose();
  variable.dispose();
  assert.deepEqual([...value.dataSync()], [1, 2, 3, 4]);
  value.dispose();
  value.dispose();
  const now = counts();
  assert.ok(now.tensors >= 0 && now.bytes >= 0);
  await assertSettles(start);
});

test("variables of strings are freed", async () => {
  const start = await settledCounts();
  (() => {
    tf.variable(tf.tensor(["a", "b"]));
  })();
  // tfjs counts the bytes of shared strings once and subtracts them twice.
  const { tensors, buffers } = await settledCounts();
  assert.equal(tensors, start.tensors);
  assert.equal(buffers, start.buffers);
});

test("variables of other types are freed", async () => {
  const start = await settledCounts();
  (() => {
    tf.variable(tf.tensor([1, 0], [2], "bool"));
    touch(tf.variable(tf.tensor([1, 2], [2], "int32")));
    tf.tidy(() => tf.variable(tf.ones([4])).clone());
  })();
  await assertSettles(start);
});

test("disposeVariables disposes every living variable and no tensor", async () => {
  const start = await settledCounts();
  const variables = [1, 2, 3].map((value) => tf.variable(tf.scalar(value)));
  const tensor = tf.scalar(4);
  const before = counts().tensors;
  tf.disposeVariables();
  assert.equal(counts().tensors, before - variables.length);
  assert.deepEqual(names(), []);
  assert.equal(tensor.dataSync()[0], 4);
  tensor.dispose();
  await assertSettles(start);
});

test("gradients without a list of variables are computed for the existing ones", async () => {
  await settledCounts();
  const known = names();
  (() => {
    tf.variable(tf.scalar(1), true, "dropped");
  })();
  const first = tf.variable(tf.scalar(3), true, "first");
  const second = tf.variable(tf.scalar(5), true, "second");
  const frozen = tf.variable(tf.scalar(7), false, "frozen");
  await settledCounts();
  const { value, grads } = tf.variableGrads(() =>
    first.mul(second).mul(frozen).asScalar(),
  );
  assert.equal(value.dataSync()[0], 105);
  assert.deepEqual(Object.keys(grads), ["first", "second"]);
  assert.equal(grads["first"]!.dataSync()[0], 35);
  assert.equal(grads["second"]!.dataSync()[0], 21);
  tf.dispose([first, second, frozen, value, ...Object.values(grads)]);
  assert.deepEqual(names(), known);
});
