/**
 * What a cell shows, made into what a notebook can hold.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonObject, mimeBundle } from "../../kernel/runtime/mime-bundle";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

describe("a MIME bundle", () => {
  test("keeps texts, lists of texts and JSON as they are", () => {
    const bundle = {
      "text/plain": "grüß \u{1F680}",
      "text/html": ["<b>", "</b>"],
      "image/png": "AAEC",
      "application/json": { a: [1, 2.5, null, "x", true, { b: {} }] },
      "application/vnd.plotly.v1+json": [1],
      "application/vnd.own": "text",
    };
    assert.deepEqual(mimeBundle(bundle), bundle);
  });

  test("has texts under types of text, whatever was given", () => {
    const given = {
      "text/plain": 5,
      "text/html": true,
      "text/markdown": 12n,
      "text/latex": undefined,
      "image/svg+xml": null,
      "image/png": new Uint8Array([0, 1, 2]),
      "image/jpeg": new Uint16Array([0x0100]).buffer,
      "image/gif": new Uint16Array([0x0100]),
    };
    assert.deepEqual(mimeBundle(given), {
      "text/plain": "5",
      "text/html": "true",
      "text/markdown": "12",
      "image/png": "AAEC",
      "image/jpeg": "AAE=",
      "image/gif": "AAE=",
    });
  });

  test("has JSON as JSON.stringify makes it", () => {
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

  for (const [what, given, says] of [
    ["no object", 7, /^Expected a MIME bundle, an object .*, received 7\.$/],
    ["null", null, /received null/],
    ["a list", [1], /^Expected a MIME bundle/],
    [
      "an object under a type of text",
      { "text/plain": { a: 1 } },
      /^Expected a text under text\/plain, .*, received \{ a: 1 \}\.$/,
    ],
    [
      "a list of more than texts",
      { "text/plain": ["a", 1] },
      /under text\/plain/,
    ],
    [
      "a bigint",
      { "application/json": { big: 1n } },
      /^Expected data that JSON can carry, received the bigint 1n\.$/,
    ],
    [
      "what is nested deeper than Jupyter's programs can follow",
      { "application/json": nested(201) },
      /^Expected data of at most 200 levels, received/,
    ],
  ] as const) {
    test(`is refused if it is or holds ${what}`, () => {
      assert.throws(
        () => mimeBundle(given),
        (error) => error instanceof TypeError && says.test(error.message),
      );
    });
  }

  test("is refused if it refers to itself", () => {
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    assert.throws(
      () => mimeBundle({ "application/json": ring }),
      /refers to itself/,
    );
    assert.deepEqual(mimeBundle({ "application/json": nested(200) }), {
      "application/json": nested(200),
    });
  });

  test("is refused if it is too long for a message", () => {
    const long = "x".repeat(2 ** 27);
    assert.throws(
      () => mimeBundle({ "text/plain": long, "text/html": long }),
      /^TypeError: Expected data of at most 268,435,456 characters, received more\.$/,
    );
  });
});

describe("an object of data", () => {
  test("is copied as JSON carries it", () => {
    assert.deepEqual(jsonObject({ a: NaN, b: undefined }), { a: null });
  });

  test("is refused if it is something else", () => {
    for (const given of [7, null, [1], "x", undefined]) {
      assert.throws(
        () => jsonObject(given),
        /^TypeError: Expected an object of data, received /,
      );
    }
  });
});
