import assert from "node:assert/strict";
import { test } from "node:test";
import {
  largestStep,
  MemoryPressure,
  smallestStep,
} from "../../../src/engine/collection/memory-pressure";

test("little growth does not trigger a collection, even if the memory doubles repeatedly", () => {
  const pressure = new MemoryPressure(0);
  assert.equal(pressure.isHigh(1), false);
  assert.equal(pressure.isHigh(smallestStep), false);
  assert.equal(pressure.isHigh(smallestStep + 1), true);
});

test("more memory in use allows more growth", () => {
  const inUse = 2 * smallestStep;
  const pressure = new MemoryPressure(inUse);
  assert.equal(pressure.isHigh(inUse + smallestStep + 1), false);
  assert.equal(pressure.isHigh(2 * inUse), false);
  assert.equal(pressure.isHigh(2 * inUse + 1), true);
});

test("growth is bounded for any amount in use", () => {
  const inUse = 10 * largestStep;
  const pressure = new MemoryPressure(inUse);
  assert.equal(pressure.isHigh(inUse + largestStep), false);
  assert.equal(pressure.isHigh(inUse + largestStep + 1), true);
});

test("growth is measured from the last low", () => {
  const pressure = new MemoryPressure(4 * smallestStep);
  assert.equal(pressure.isHigh(10), false);
  assert.equal(pressure.isHigh(smallestStep + 11), true);
});

test("after a collection that freed nothing, the next one waits", () => {
  const pressure = new MemoryPressure(0);
  let collections = 0;
  for (let bytes = 0; bytes < 64 * smallestStep; bytes += 2 ** 20) {
    if (pressure.isHigh(bytes)) {
      collections += 1;
      pressure.reset(bytes);
    }
  }
  // 16 GB by steps of at most 1 GB: at 0.25, 0.5, 1, 2, 3, ... 15 GB.
  assert.ok(collections >= 15 && collections <= 18, `${collections}`);
});
