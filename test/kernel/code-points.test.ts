/**
 * Tests the conversion between code points and code units.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toCodePoints, toCodeUnits } from "../../kernel/front/code-points";

describe("positions", () => {
  test("are equal if every character is one unit", () => {
    for (const position of [0, 3, 5]) {
      assert.equal(toCodeUnits("héllo", position), position);
      assert.equal(toCodePoints("héllo", position), position);
    }
  });

  test("differ after characters of two units", () => {
    const text = "a\u{1F600}b\u{1D4D0}c";
    const pairs: [number, number][] = [
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

  test("out of range are clamped", () => {
    assert.equal(toCodeUnits("\u{1F600}", 9), 2);
    assert.equal(toCodeUnits("ab", -1), 0);
    assert.equal(toCodePoints("\u{1F600}", 9), 1);
    assert.equal(toCodeUnits("", 0), 0);
  });

  test("are converted back and forth for any text", () => {
    const text = "x\u{1F600}\u{1F600}é漢\ud800y"; // with half a pair in it
    const points = [...text].length;
    for (let position = 0; position <= points; position += 1) {
      assert.equal(toCodePoints(text, toCodeUnits(text, position)), position);
    }
  });
});
