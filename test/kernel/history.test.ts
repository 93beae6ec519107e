/**
 * Tests history requests.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { History, type HistoryQuery } from "../../kernel/front/history";

function historyOf(...inputs: string[]): History {
  const history = new History();
  inputs.forEach((input, index) => history.add(index + 1, input));
  return history;
}

/** Returns the inputs that a query selects. */
function found(history: History, query: HistoryQuery) {
  return history.find(query).map(([, , input]) => input);
}

describe("the history", () => {
  const history = historyOf("a = 1", "b = 2", "a = 1", "f(a.b)", "one\ntwo");

  test("is empty at first", () => {
    for (const type of ["tail", "range", "search"] as const) {
      assert.deepEqual(new History().find({ hist_access_type: type }), []);
    }
  });

  test("returns its tail", () => {
    const tail = { hist_access_type: "tail" } as const;
    assert.deepEqual(history.find({ ...tail, n: 1 }), [[1, 5, "one\ntwo"]]);
    assert.deepEqual(found(history, { ...tail, n: 2 }), ["f(a.b)", "one\ntwo"]);
    assert.equal(found(history, { ...tail, n: 99 }).length, 5);
    assert.equal(found(history, tail).length, 5);
    assert.deepEqual(found(history, { ...tail, n: 0 }), []);
    assert.deepEqual(found(history, { ...tail, n: -1 }), []);
  });

  test("returns a range without its end", () => {
    const range = { hist_access_type: "range" } as const;
    assert.deepEqual(history.find({ ...range, start: 2, stop: 4 }), [
      [1, 2, "b = 2"],
      [1, 3, "a = 1"],
    ]);
    assert.deepEqual(found(history, { ...range, start: 4 }), [
      "f(a.b)",
      "one\ntwo",
    ]);
    assert.equal(found(history, range).length, 5);
    assert.deepEqual(found(history, { ...range, start: 9, stop: 12 }), []);
  });

  test("is searched with the wildcards * and ?", () => {
    const search = (pattern: string, more = {}) =>
      found(history, { hist_access_type: "search", pattern, ...more });
    assert.deepEqual(search("a*"), ["a = 1", "a = 1"]);
    assert.deepEqual(search("? = 2"), ["b = 2"]);
    assert.deepEqual(search("*two"), ["one\ntwo"]);
    assert.deepEqual(search("a = 1", { unique: true }), ["a = 1"]);
    assert.equal(search("*").length, 5);
    assert.deepEqual(search("*", { n: 1 }), ["one\ntwo"]);
    assert.deepEqual(search("a"), []);
  });

  test("matches all other characters literally", () => {
    const search = (pattern: string) =>
      found(history, { hist_access_type: "search", pattern });
    assert.deepEqual(search("f(a.b)"), ["f(a.b)"]);
    assert.deepEqual(search("f(a+b)"), []);
    assert.deepEqual(search("[ab] = 1"), []);
    assert.deepEqual(search("(?"), []);
  });

  test("returns the last of repeated cells if `unique` is set", () => {
    assert.deepEqual(
      history.find({ hist_access_type: "search", pattern: "a*", unique: true }),
      [[1, 3, "a = 1"]],
    );
  });

  test("returns results if `output` is set", () => {
    const results = new History();
    results.add(1, "1 + 1");
    results.addOutput(1, "2");
    results.add(2, "const a = 1");
    const tail = { hist_access_type: "tail", n: 2 } as const;
    assert.deepEqual(results.find({ ...tail, output: true }), [
      [1, 1, ["1 + 1", "2"]],
      [1, 2, ["const a = 1", null]],
    ]);
    assert.deepEqual(results.find({ ...tail, output: false }), [
      [1, 1, "1 + 1"],
      [1, 2, "const a = 1"],
    ]);
  });
});
