/**
 * The results row: exactly these fields, each within its bounds, and what a notebook carries of it.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jupyterDisplay } from "../../src/notebook/mime";
import {
  checkResultRow,
  reportResult,
  resultMimeType,
  type ResultRow,
} from "../../src/notebook/results";

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

/** For each field: values that must be refused, and the rule the message states. */
const refused: {
  [Field in keyof ResultRow]: [rule: string, values: unknown[]];
} = {
  lesson: ["a whole number, 0 or more", [-1, 0.5, "1", null]],
  model: ["a name", ["", 3, null]],
  mode: ['"quick" or "full"', ["slow", "", null]],
  provenance: ['"original", "unverified" or "synthetic"', ["real", "", null]],
  seed: ["a whole number", [0.5, "1", NaN]],
  trainSamples: ["a whole number above 0", [0, -1, 1.5, "50000"]],
  testSamples: ["a whole number above 0", [0, Infinity]],
  parameters: ["a whole number above 0", [0, "122,570"]],
  epochs: ["a whole number above 0", [0, 1.5]],
  batchSize: ["a whole number above 0", [0, null]],
  testLoss: ["a finite number, 0 or more", [NaN, Infinity, -0.1, null]],
  testAccuracy: ["a number from 0 to 1", [70, -0.1, NaN, null]],
  sourceLoss: ["a finite number, 0 or more, or null", [NaN, -1, "–"]],
  sourceAccuracy: ["a number from 0 to 1, or null", [70.3, NaN]],
  secondsPerEpoch: ["a finite number, 0 or more", [NaN, -1, null]],
};

describe("result row", () => {
  test("a right one passes, with or without figures of the source", () => {
    assert.equal(checkResultRow(row), row);
    checkResultRow({ ...row, sourceLoss: null, sourceAccuracy: null });
    checkResultRow({ ...row, lesson: 0, testLoss: 0, testAccuracy: 1 });
  });

  for (const [field, [rule, values]] of Object.entries(refused)) {
    test(`${field} has to be there and to be ${rule}`, () => {
      const without = Object.fromEntries(
        Object.entries(row).filter(([name]) => name !== field),
      );
      assert.equal(Object.keys(without).length, Object.keys(row).length - 1);
      assert.throws(() => checkResultRow(without), {
        name: "TypeError",
        message: `Expected the result row's "${field}" to be ${rule}, received undefined`,
      });
      for (const value of values) {
        const received =
          typeof value === "string" ? `"${value}"` : String(value);
        assert.throws(() => checkResultRow({ ...row, [field]: value }), {
          message: `Expected the result row's "${field}" to be ${rule}, received ${received}`,
        });
      }
    });
  }

  test("an unknown field is refused by its name", () => {
    assert.throws(
      () => checkResultRow({ ...row, accuracy: 0.7 }),
      /^TypeError: Expected a result row to have the fields lesson, model, .*, received "accuracy" as well$/,
    );
  });

  test("what is no object is refused", () => {
    for (const value of [null, 3, "row", [row]]) {
      assert.throws(
        () => checkResultRow(value),
        /Expected a result row to be an object/,
      );
    }
  });
});

describe("reportResult", () => {
  test("carries the row under its own MIME type, with a table to look at", () => {
    const bundle = reportResult(row)[jupyterDisplay]();
    assert.equal(resultMimeType, "application/vnd.convnotes.result+json");
    assert.deepEqual(Object.keys(bundle).sort(), [
      resultMimeType,
      "text/html",
      "text/plain",
    ]);
    assert.deepEqual(bundle[resultMimeType], row);
    // What a notebook file keeps of it.
    const kept: unknown = JSON.parse(JSON.stringify(bundle));
    assert.deepEqual((kept as typeof bundle)[resultMimeType], row);
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

  test("a later change of the caller's object does not reach it", () => {
    const own = { ...row };
    const reported = reportResult(own);
    own.testAccuracy = 0.99;
    const bundle = reported[jupyterDisplay]();
    assert.equal((bundle[resultMimeType] as ResultRow).testAccuracy, 0.7);
  });

  test("refuses a wrong row at once, not when it is shown", () => {
    assert.throws(() => reportResult({ ...row, testLoss: NaN }), TypeError);
  });
});
