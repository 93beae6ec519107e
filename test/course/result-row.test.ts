/**
 * Result rows: validation of fields, and their form in a notebook.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jupyterDisplay } from "../../src/notebook/mime";
import {
  checkResultRow,
  reportResult,
  resultMimeType,
  type ResultRow,
} from "../../src/course/result-row";
import { errorWith } from "../error-with";

const row: ResultRow = {
  lesson: 1,
  model: "CNN <1>",
  mode: "full",
  provenance: "unverified",
  seed: 1,
  trainSamples: 50_000,
  testSamples: 10_000,
  parameters: 122_570,
  epochs: 10,
  batchSize: 32,
  testLoss: 0.9,
  testAccuracy: 0.7,
  sourceLoss: 0.9265,
  sourceAccuracy: 0.703,
  secondsPerEpoch: 48.25,
};

/** Invalid values of each field, and the rule in the message. */
const invalidValues: {
  [Field in keyof ResultRow]: [rule: string, values: unknown[]];
} = {
  lesson: ["a non-negative integer", [-1, 0.5, "1", null]],
  model: ["a non-empty string", ["", 3, null]],
  mode: ['"quick" or "full"', ["slow", "", null]],
  provenance: ['"original", "unverified" or "synthetic"', ["real", "", null]],
  seed: ["an integer", [0.5, "1", NaN]],
  trainSamples: ["a positive integer", [0, -1, 1.5, "50000"]],
  testSamples: ["a positive integer", [0, Infinity]],
  parameters: ["a positive integer", [0, "122,570"]],
  epochs: ["a positive integer", [0, 1.5]],
  batchSize: ["a positive integer", [0, null]],
  testLoss: ["a non-negative finite number", [NaN, Infinity, -0.1, null]],
  testAccuracy: ["a number from 0 to 1", [70, -0.1, NaN, null]],
  sourceLoss: ["a non-negative finite number, or null", [NaN, -1, "–"]],
  sourceAccuracy: ["a number from 0 to 1, or null", [70.3, NaN]],
  secondsPerEpoch: ["a non-negative finite number", [NaN, -1, null]],
};

describe("result row", () => {
  test("accepts a valid row, with or without the source's scores", () => {
    assert.equal(checkResultRow(row), row);
    checkResultRow({ ...row, sourceLoss: null, sourceAccuracy: null });
    checkResultRow({ ...row, lesson: 0, testLoss: 0, testAccuracy: 1 });
  });

  for (const [field, [rule, values]] of Object.entries(invalidValues)) {
    test(`requires ${field} to be ${rule}`, () => {
      const without = Object.fromEntries(
        Object.entries(row).filter(([name]) => name !== field),
      );
      assert.equal(Object.keys(without).length, Object.keys(row).length - 1);
      assert.throws(
        () => checkResultRow(without),
        errorWith(
          "ERR_INVALID_VALUE",
          `"${field}"`,
          rule,
          "received undefined",
        ),
      );
      for (const value of values) {
        const received =
          typeof value === "string" ? `"${value}"` : String(value);
        assert.throws(
          () => checkResultRow({ ...row, [field]: value }),
          errorWith(
            "ERR_INVALID_VALUE",
            `"${field}"`,
            rule,
            `received ${received}`,
          ),
        );
      }
    });
  }

  test("rejects an unknown field and names it", () => {
    assert.throws(
      () => checkResultRow({ ...row, accuracy: 0.7 }),
      errorWith("ERR_UNKNOWN_NAME", "lesson, model, ", 'received "accuracy"'),
    );
  });

  test("rejects values other than objects", () => {
    for (const value of [null, 3, "row", [row]]) {
      assert.throws(
        () => checkResultRow(value),
        errorWith("ERR_INVALID_TYPE", `received ${JSON.stringify(value)}`),
      );
    }
  });
});

describe("reportResult", () => {
  test("contains the row under its MIME type, and a table", () => {
    const bundle = reportResult(row)[jupyterDisplay]();
    assert.equal(resultMimeType, "application/vnd.convnotes.result+json");
    assert.deepEqual(Object.keys(bundle).sort(), [
      resultMimeType,
      "text/html",
      "text/plain",
    ]);
    assert.deepEqual(bundle[resultMimeType], row);
    // Serialized, as in a notebook file.
    const stored: unknown = JSON.parse(JSON.stringify(bundle));
    assert.deepEqual((stored as typeof bundle)[resultMimeType], row);
    const text = bundle["text/plain"] as string;
    assert.match(text, /test loss +0\.9000 +0\.9265/);
    assert.match(text, /test accuracy +0\.7000 +0\.7030/);
    assert.match(
      text,
      /data unverified, seed 1: 50,000 training and 10,000 test/,
    );
    const html = bundle["text/html"] as string;
    assert.ok(html.includes("CNN &lt;1&gt;") && !html.includes("<1>"));
  });

  test("copies the row", () => {
    const own = { ...row };
    const reported = reportResult(own);
    own.testAccuracy = 0.99;
    const bundle = reported[jupyterDisplay]();
    assert.equal((bundle[resultMimeType] as ResultRow).testAccuracy, 0.7);
  });

  test("rejects an invalid row immediately, not when it is displayed", () => {
    assert.throws(() => reportResult({ ...row, testLoss: NaN }), TypeError);
  });
});
