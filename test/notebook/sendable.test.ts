/**
 * Tests the conversion of displayed data to a form that notebooks can store.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonObject, mimeBundle } from "../../src/notebook/sendable";
import { errorWith } from "../error-with";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

describe("a MIME bundle", () => {
  test("keeps strings and JSON data", () => {
    const bundle = {
      "text/plain": "grüß \u{1F680}",
      "image/png": "AAEC",
      "application/json": { a: [1, 2.5, null, "x", true, { b: {} }] },
      "application/vnd.plotly.v1+json": [1],
      "application/vnd.own": "text",
    };
    assert.deepEqual(mimeBundle(bundle), bundle);
  });

  test("has strings for text types, for any given values", () => {
    const given = {
      "text/plain": 5,
      "text/html": true,
      "text/markdown": 12n,
      "text/latex": undefined,
      "text/x-lines": ["one\n", "two"],
      "text/x-none": [],
      "image/svg+xml": null,
      "image/png": new Uint8Array([0, 1, 2]),
      "image/jpeg": new Uint16Array([0x0100]).buffer,
      "image/gif": new Uint16Array([0x0100]),
    };
    assert.deepEqual(mimeBundle(given), {
      "text/plain": "5",
      "text/html": "true",
      "text/markdown": "12",
      "text/x-lines": "one\ntwo",
      "text/x-none": "",
      "image/png": "AAEC",
      "image/jpeg": "AAE=",
      "image/gif": "AAE=",
    });
  });

  test("has JSON data as JSON.stringify represents it", () => {
    const given = {
      nan: NaN,
      infinite: [-Infinity],
      date: new Date(0),
      nothing: undefined,
      list: [undefined, () => 1, Symbol("s")],
      boxed: [new Number(1), new String("s"), new Boolean(false)],
      map: new Map([[1, 2]]),
      own: { toJSON: () => ({ a: [1, NaN] }) },
      ["__proto__"]: 1,
      "-0": -0,
    };
    assert.equal(
      JSON.stringify(mimeBundle({ "application/json": given })),
      JSON.stringify({ "application/json": given }),
    );
  });

  for (const [what, given, code, ...values] of [
    ["not an object", 7, "ERR_INVALID_TYPE", "a MIME bundle", "received 7."],
    ["null", null, "ERR_INVALID_TYPE", "received null"],
    ["a list", [1], "ERR_INVALID_TYPE", "a MIME bundle", "received [ 1 ]"],
    [
      "an object for a text type",
      { "text/plain": { a: 1 } },
      "ERR_INVALID_TYPE",
      "text/plain",
      "received { a: 1 }.",
    ],
    [
      "a list that contains other values than strings",
      { "text/plain": ["a", 1] },
      "ERR_INVALID_TYPE",
      "text/plain",
      "received [ 'a', 1 ]",
    ],
    [
      "a bigint",
      { "application/json": { big: 1n } },
      "ERR_INVALID_TYPE",
      "received the bigint 1n.",
    ],
    [
      "nested more deeply than Jupyter's programs support",
      { "application/json": nested(201) },
      "ERR_INVALID_VALUE",
      "at most 200 levels",
    ],
  ] as const) {
    test(`is rejected if it is or contains: ${what}`, () => {
      assert.throws(() => mimeBundle(given), errorWith(code, ...values));
    });
  }

  test("is rejected if it is cyclic", () => {
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    assert.throws(
      () => mimeBundle({ "application/json": ring }),
      errorWith("ERR_INVALID_VALUE", "at most 200 levels"),
    );
    assert.deepEqual(mimeBundle({ "application/json": nested(200) }), {
      "application/json": nested(200),
    });
  });

  test("is rejected if it is too large for a message", () => {
    const long = "x".repeat(2 ** 27);
    assert.throws(
      () => mimeBundle({ "text/plain": long, "text/html": long }),
      errorWith("ERR_INVALID_VALUE", "at most 268,435,456 characters"),
    );
  });
});

describe("an object of data", () => {
  test("is copied as JSON represents it", () => {
    assert.deepEqual(jsonObject({ a: NaN, b: undefined }), { a: null });
  });

  test("is rejected if it is not an object", () => {
    for (const given of [7, null, [1], "x", undefined]) {
      assert.throws(
        () => jsonObject(given),
        errorWith("ERR_INVALID_TYPE", "received"),
      );
    }
  });
});
