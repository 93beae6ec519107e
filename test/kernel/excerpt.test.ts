/**
 * Tests source excerpts.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { excerpt } from "../../kernel/excerpt";
import { withoutColors } from "./kernel-client";

function shown(...parameters: Parameters<typeof excerpt>): string[] {
  return excerpt(...parameters).map(withoutColors);
}

describe("an excerpt", () => {
  const source = "one\ntwo\nthree\nfour\nfive\nsix";

  test("shows two lines before and after, and a caret", () => {
    assert.deepEqual(shown(source, { line: 3, column: 2 }), [
      "  2 | two",
      "  3 | three",
      "> 4 | four",
      "    |   ^",
      "  5 | five",
      "  6 | six",
    ]);
  });

  test("ends at the end of the cell", () => {
    assert.deepEqual(shown("a\nb", { line: 1, column: 0 }), [
      "  1 | a",
      "> 2 | b",
      "    | ^",
    ]);
    assert.deepEqual(shown("", { line: 0, column: 0 }), ["> 1 | ", "    | ^"]);
  });

  test("underlines the range between two positions of a line", () => {
    const [, , marked] = shown(
      "a\nlong name;",
      { line: 1, column: 5 },
      { line: 1, column: 9 },
    );
    assert.equal(marked, "    |      ^^^^");
  });

  test("marks the beginning of a range of several lines", () => {
    const lines = shown(source, { line: 0, column: 1 }, { line: 2, column: 1 });
    assert.equal(lines[1], "    |  ^");
  });

  test("marks at least one column", () => {
    const place = { line: 0, column: 2 };
    assert.equal(shown("abc", place, place)[1], "    |   ^");
  });

  test("keeps tabs, so that the caret is under its text", () => {
    assert.equal(shown("\tx\ty", { line: 0, column: 3 })[1], "    | \t \t^");
  });

  test("pads line numbers to the same width", () => {
    const lines = Array.from({ length: 12 }, (_, i) => `line${i + 1}`);
    assert.deepEqual(shown(lines.join("\n"), { line: 9, column: 0 }), [
      "   8 | line8",
      "   9 | line9",
      "> 10 | line10",
      "     | ^",
      "  11 | line11",
      "  12 | line12",
    ]);
  });
});
