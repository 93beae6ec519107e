/**
 * An example result row of lesson 1, for tests.
 */
import type { ResultRow } from "../../src/course/result-row";

export const resultRow: ResultRow = {
  lesson: 1,
  model: "CNN",
  mode: "quick",
  provenance: "synthetic",
  seed: 1,
  trainSamples: 2000,
  testSamples: 1000,
  parameters: 122570,
  epochs: 3,
  batchSize: 32,
  testLoss: 1.5,
  testAccuracy: 0.5,
  sourceLoss: 0.9265,
  sourceAccuracy: 0.703,
  secondsPerEpoch: 2.5,
};
