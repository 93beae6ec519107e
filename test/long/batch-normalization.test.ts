/**
 * Batch normalization on several batches, and in the composed form: as exact as the fused one on the single batch of
 * test/engine/exactness/batch-normalization.test.ts.
 */
import { after, describe, test } from "node:test";
import { isEngineOn, setEngine } from "../../src/engine/switch";
import { assertRounding } from "../engine/exactness/normalization-trial";

describe("batch normalization", () => {
  const before = isEngineOn() ? "on" : "off";
  after(() => setEngine(before));

  for (const form of ["fused", "composed"] as const) {
    test(`${form}: errors of gradients are rounding, and units of another sign`, (context) =>
      assertRounding(context, form, [1, 2, 3]));
  }
});
