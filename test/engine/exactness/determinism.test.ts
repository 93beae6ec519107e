/**
 * Tests that the same seed on the same machine yields bitwise equal weights: with convolutions,
 * batch normalization and dropout, compiled, in independent processes.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { recordedSteps } from "../models";
import type { SeededTraining } from "./seeded-training";

async function train(seed: number): Promise<SeededTraining> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "-r",
    "ts-node/register/transpile-only",
    path.join(__dirname, "seeded-training.ts"),
    String(seed),
  ]);
  return JSON.parse(stdout) as SeededTraining;
}

test("the same seed yields the same bits in another process, another seed yields others", async () => {
  const once = await train(1);
  // Four epochs of six batches and a smaller one.
  assert.equal(once.compiled, 4 * 7 - 2 * recordedSteps());
  assert.ok(once.losses.every(Number.isFinite));
  assert.deepEqual(await train(1), once);
  const other = await train(2);
  assert.notEqual(other.weights, once.weights);
  assert.notDeepEqual(other.losses, once.losses);
});
