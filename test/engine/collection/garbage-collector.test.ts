import assert from "node:assert/strict";
import { test } from "node:test";
import {
  collectGarbage,
  watchCollections,
} from "../../../src/engine/collection/garbage-collector";
import { until } from "../../until";

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

test("collectGarbage collects in a process started without the flag", async () => {
  const reference = (() => new WeakRef({}))();
  await pause();
  collectGarbage();
  assert.equal(reference.deref(), undefined);
});

test("every collection is reported, until the watch ends", async () => {
  let calls = 0;
  const end = watchCollections(() => {
    calls += 1;
  });
  for (let round = 1; round <= 3; round++) {
    const before = calls;
    collectGarbage();
    // Node may also have collected on its own.
    await until(() => calls > before, "the report");
  }
  end();
  const total = calls;
  collectGarbage();
  await pause();
  assert.equal(calls, total);
});
