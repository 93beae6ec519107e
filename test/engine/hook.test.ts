/**
 * Tests wrapping methods and taking the wrappers off.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hookMethod } from "../../src/engine/tfjs/hook";

class Counter {
  count = 0;
  add(step: number): number {
    this.count += step;
    return this.count;
  }
}

/** Wraps `add` of a counter, or of all counters. */
const addTenTimes = (owner: Counter) =>
  hookMethod(
    owner,
    "add",
    (add) =>
      function (this: Counter, step) {
        return add.call(this, step * 10);
      },
  );

test("a wrapper on an object is for that object only", () => {
  const counter = new Counter();
  const hook = addTenTimes(counter);
  assert.equal(counter.add, hook.wrapper);
  assert.equal(counter.add(2), 20);
  assert.equal(new Counter().add(2), 2);
  hook.remove();
  assert.equal(counter.add(2), 22);
  assert.ok(!Object.hasOwn(counter, "add"));
});

test("a wrapper on a prototype is called with each object", () => {
  const before = Object.getOwnPropertyDescriptor(Counter.prototype, "add");
  const hook = addTenTimes(Counter.prototype);
  assert.equal(new Counter().add(2), 20);
  hook.remove();
  assert.equal(new Counter().add(2), 2);
  assert.deepEqual(
    Object.getOwnPropertyDescriptor(Counter.prototype, "add"),
    before,
  );
});

test("a method of the object itself is restored", () => {
  const own = (step: number) => -step;
  const counter = Object.assign(new Counter(), { add: own });
  const hook = addTenTimes(counter);
  assert.equal(counter.add(2), -20);
  hook.remove();
  assert.equal(counter.add, own);
});

test("a method replaced since stays", () => {
  const counter = new Counter();
  const hook = addTenTimes(counter);
  const theirs = () => 7;
  counter.add = theirs;
  hook.remove();
  assert.equal(counter.add, theirs);
});

test("a replacement that calls the wrapper calls the original once it is taken off", () => {
  const counter = new Counter();
  const hook = addTenTimes(counter);
  counter.add = (step) => hook.wrapper.call(counter, step) + 1000;
  assert.equal(counter.add(2), 1020);
  hook.remove();
  assert.equal(counter.add(2), 1022);
  hook.remove();
  assert.equal(counter.add(2), 1024);
});

test("wrappers may be taken off in the order in which they were put on", () => {
  const counter = new Counter();
  const first = addTenTimes(counter);
  const second = addTenTimes(counter);
  assert.equal(counter.add(1), 100);
  first.remove();
  assert.equal(counter.add(1), 110);
  second.remove();
  assert.equal(counter.add(1), 111);
});
