/**
 * Settings of lessons and labs from their parameters.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  lessonSettings,
  type LessonParameters,
} from "../../src/course/lesson-settings";
import { jupyterDisplay } from "../../src/notebook/mime";
import { errorWith } from "../error-with";

const given: LessonParameters = {
  mode: "quick",
  seed: 7,
  epochs: null,
  batchSize: null,
  trainSamples: null,
  testSamples: null,
};
const defaults = {
  quick: { epochs: 20, trainSamples: 1500 },
  full: { epochs: 10, batchSize: 64 },
};

describe("lessonSettings", () => {
  test("takes the defaults of the mode", () => {
    const quick = lessonSettings(given, defaults);
    assert.deepEqual(
      [quick.epochs, quick.batchSize, quick.samples, quick.from],
      [20, 32, { trainSamples: 1500 }, "files or synthetic"],
    );
    const full = lessonSettings({ ...given, mode: "full" }, defaults);
    assert.deepEqual(
      [full.epochs, full.batchSize, full.samples, full.from],
      [10, 64, {}, "files or download"],
    );
  });

  test("parameters that are not null replace defaults", () => {
    const run = lessonSettings(
      { ...given, epochs: 3, batchSize: 8, trainSamples: 10, testSamples: 5 },
      defaults,
    );
    assert.deepEqual(
      [run.epochs, run.batchSize, run.samples],
      [3, 8, { trainSamples: 10, testSamples: 5 }],
    );
  });

  test("states itself in one line, and as a banner", () => {
    const run = lessonSettings(given, defaults);
    assert.equal(
      String(run),
      "quick mode: 20 epochs, batch size 32, seed 7; 1,500 training images, all test images",
    );
    const bundle = run[jupyterDisplay]();
    assert.match(String(bundle["text/html"]), /role="note".*quick mode: 20/);
    assert.match(String(bundle["text/plain"]), /numbers in the text/);
  });

  test("a parameter that breaks its rule is refused", () => {
    for (const [name, value] of [
      ["epochs", 0],
      ["batchSize", 1.5],
      ["trainSamples", -1],
      ["testSamples", NaN],
      ["seed", 0.5],
    ] as const) {
      assert.throws(
        () => lessonSettings({ ...given, [name]: value }, defaults),
        errorWith("ERR_INVALID_VALUE", `\`${name}\``, String(value)),
      );
    }
    assert.throws(
      () => lessonSettings({ ...given, mode: "slow" }, defaults),
      errorWith("ERR_INVALID_VALUE", "slow"),
    );
  });
});
