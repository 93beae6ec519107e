import assert from "node:assert/strict";
import { test } from "node:test";
import {
  collectGarbage,
  watchCollections,
} from "../../../src/engine/collection/garbage-collector";
import { until } from "../../until";

test("collectGarbage collects in a process started without the flag", async () => {
  const reference = (() => new WeakRef({}))();
  // A reference keeps its object alive until the end of the turn.
  await new Promise(setImmediate);
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
  let reported = false;
  const endOther = watchCollections(() => {
    reported = true;
  });
  collectGarbage();
  await until(() => reported, "the report to another watch");
  endOther();
  assert.equal(calls, total);
});
