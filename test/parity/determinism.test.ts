/**
 * Bit-identical results for the same seed: lesson 4's model with dropout, trained like the lesson
 * on a part of the synthetic images, shuffled, in separate processes.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { isEngineOn } from "../../src/engine";
import { recordedSteps } from "../engine/models";
import type { SeededLesson } from "./seeded-lesson";

const register = path.join(
  ...[__dirname, "..", "..", "kernel", "dist", "typescript-register.js"],
);

async function train(seed: number): Promise<SeededLesson> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "-r",
    register,
    path.join(__dirname, "seeded-lesson.ts"),
    String(seed),
  ]);
  return JSON.parse(stdout) as SeededLesson;
}

test("lesson 4: the same seed gives bit-identical weights, another seed gives others", async () => {
  // In parallel, so that threads run in another order.
  const [once, again] = await Promise.all([train(1), train(1)]);
  const other = await train(2);
  // Two epochs of 20 batches of 10 and one of 5.
  const compiled = isEngineOn() ? 2 * 21 - 2 * recordedSteps() : 0;
  assert.equal(once.compiled, compiled);
  assert.deepEqual(Object.keys(once.curves).length, 4);
  assert.ok(Object.values(once.curves).flat().every(Number.isFinite));
  assert.notEqual(once.trained, once.initial);
  assert.deepEqual(again, once);
  assert.notEqual(other.initial, once.initial);
  assert.notEqual(other.trained, once.trained);
  assert.notDeepEqual(other.curves, once.curves);
});
