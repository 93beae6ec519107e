/**
 * Positions in code points and in code units.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toCodePoints, toCodeUnits } from "../../kernel/front/code-points";

describe("positions", () => {
  test("are the same where every character is one unit", () => {
    for (const position of [0, 3, 5]) {
      assert.equal(toCodeUnits("héllo", position), position);
      assert.equal(toCodePoints("héllo", position), position);
    }
  });

  test("differ behind characters of two units", () => {
    const text = "a\u{1F600}b\u{1D4D0}c";
    const pairs = [
      [0, 0],
      [1, 1],
      [2, 3],
      [3, 4],
      [4, 6],
      [5, 7],
    ];
    for (const [points, units] of pairs) {
      assert.equal(toCodeUnits(text, points), units);
      assert.equal(toCodePoints(text, units), points);
    }
  });

  test("beyond either end are at that end", () => {
    assert.equal(toCodeUnits("\u{1F600}", 9), 2);
    assert.equal(toCodeUnits("ab", -1), 0);
    assert.equal(toCodePoints("\u{1F600}", 9), 1);
    assert.equal(toCodeUnits("", 0), 0);
  });

  test("go there and back for any text", () => {
    const text = "x\u{1F600}\u{1F600}é漢\ud800y"; // with half a pair in it
    const points = [...text].length;
    for (let position = 0; position <= points; position += 1) {
      assert.equal(toCodePoints(text, toCodeUnits(text, position)), position);
    }
  });
});
