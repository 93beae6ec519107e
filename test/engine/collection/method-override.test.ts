import assert from "node:assert/strict";
import { test } from "node:test";
import { overrideMethod } from "../../../src/engine/collection/method-override";

class Counter {
  count = 0;
  add(step: number): number {
    this.count += step;
    return this.count;
  }
}

test("the replacement calls the original method on its own object", () => {
  const counter = new Counter();
  const restore = overrideMethod(
    counter,
    "add",
    (add) => (step) => add(step * 10),
  );
  assert.equal(counter.add(2), 20);
  assert.equal(new Counter().add(2), 2);
  restore();
  assert.equal(counter.add(2), 22);
  assert.ok(!Object.hasOwn(counter, "add"));
});

test("a method of the object itself is restored", () => {
  const own = (step: number) => -step;
  const counter = Object.assign(new Counter(), { add: own });
  const restore = overrideMethod(
    counter,
    "add",
    (add) => (step) => add(step) - 1,
  );
  assert.equal(counter.add(2), -3);
  restore();
  assert.equal(counter.add, own);
});

test("a method replaced since is left unchanged", () => {
  const counter = new Counter();
  const restore = overrideMethod(counter, "add", (add) => add);
  const theirs = () => 7;
  counter.add = theirs;
  restore();
  assert.equal(counter.add, theirs);
});
