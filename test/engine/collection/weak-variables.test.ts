import assert from "node:assert/strict";
import { test } from "node:test";
import { collectGarbage } from "../../../src/engine/collection/garbage-collector";
import { weakVariables } from "../../../src/engine/collection/weak-variables";
import type { tf } from "../../../src/engine/tensorflow";

/** The dictionary does not inspect its values. */
function variable(): tf.Variable {
  return {} as tf.Variable;
}

const nextTurn = () => new Promise(setImmediate);

test("it behaves as a plain object does", () => {
  const first = variable();
  const second = variable();
  const plain: Record<string, tf.Variable> = { first };
  const weak = weakVariables({ first });
  for (const dictionary of [plain, weak]) {
    dictionary["second"] = second;
    dictionary["10"] = first;
    dictionary["9"] = second;
    assert.equal(dictionary["second"], second);
    assert.equal(dictionary["third"], undefined);
    assert.ok("first" in dictionary && !("third" in dictionary));
    assert.ok("toString" in dictionary);
    assert.ok(Object.hasOwn(dictionary, "first"));
    assert.ok(!Object.hasOwn(dictionary, "toString"));
    assert.ok(delete dictionary["first"]);
    assert.ok(delete dictionary["never there"]);
    dictionary["second"] = first;
    assert.equal(Object.keys(dictionary).length, 3);
    const visited: string[] = [];
    for (const name in dictionary) {
      visited.push(name);
      delete dictionary[name];
    }
    assert.deepEqual(visited, ["9", "10", "second"]);
    assert.deepEqual({ ...dictionary }, {});
  }
});

test("names, values, entries and copies agree with a plain object", () => {
  const variables = { b: variable(), a: variable(), "1": variable() };
  const weak = weakVariables(variables);
  assert.deepEqual(Object.keys(weak), Object.keys(variables));
  assert.deepEqual(Object.values(weak), Object.values(variables));
  assert.deepEqual(Object.entries(weak), Object.entries(variables));
  assert.deepEqual({ ...weak }, variables);
});

test("it keeps nothing alive, and lists live variables", async () => {
  const weak = weakVariables({});
  const kept = variable();
  (() => {
    weak["dropped"] = variable();
    weak["kept"] = kept;
    weak["replaced"] = variable();
  })();
  await nextTurn();
  collectGarbage();
  assert.deepEqual(Object.keys(weak), ["kept"]);
  assert.ok(!("dropped" in weak));
  assert.equal(weak["dropped"], undefined);
  weak["replaced"] = kept;
  await nextTurn();
  // The collection of the first variable of this name has been reported by now.
  assert.equal(weak["replaced"], kept);
  assert.equal(weak["kept"], kept);
});

test("a name that is set to null is free", () => {
  const weak = weakVariables({ name: variable() });
  (weak as Record<string, unknown>)["name"] = null;
  assert.deepEqual(Object.keys(weak), []);
});
