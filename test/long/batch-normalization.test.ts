/**
 * Tests the exactness of batch normalization on several batches, fused and composed: it matches the
 * fused form on the single batch of test/engine/exactness/batch-normalization.test.ts.
 */
import { after, describe, test } from "node:test";
import { isEngineOn, setEngine } from "../../src/engine/switch";
import { assertRounding } from "../engine/exactness/normalization-trial";

describe("batch normalization", () => {
  const before = isEngineOn() ? "on" : "off";
  after(() => setEngine(before));

  for (const form of ["fused", "composed"] as const) {
    test(`${form}: gradient errors are due to rounding and units with another sign`, (context) =>
      assertRounding(context, form, [1, 2, 3]));
  }
});
