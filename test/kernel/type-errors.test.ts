/**
 * Tests how the compiler's diagnostics become a Jupyter error.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Diagnostic } from "../../kernel/compiler/compiler";
import { toTypeError } from "../../kernel/front/type-errors";
import { withoutColors } from "./kernel-client";

const diagnostic: Diagnostic = {
  code: 2322,
  message: "Type 'string' is not assignable to type 'number'.",
  syntax: false,
  start: { line: 1, column: 6 },
  end: { line: 1, column: 10 },
};
const source = "// first\nconst size: number = '';";

function lines(...diagnostics: Diagnostic[]): string[] {
  return toTypeError(source, "In[3]", diagnostics).traceback.map(withoutColors);
}

describe("a type error", () => {
  test("has TypeScript's code and message", () => {
    const { ename, evalue } = toTypeError(source, "In[3]", [diagnostic]);
    assert.equal(ename, "TypeScriptError");
    assert.equal(
      evalue,
      "TS2322: Type 'string' is not assignable to type 'number'.",
    );
  });

  test("shows the line and underlines the position", () => {
    assert.deepEqual(lines(diagnostic), [
      "Cell In[3], line 2",
      "  1 | // first",
      "> 2 | const size: number = '';",
      "    |       ^^^^",
      "TypeScriptError: TS2322: Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test("is colored", () => {
    const { traceback } = toTypeError(source, "In[3]", [diagnostic]);
    assert.ok(traceback.some((line) => line.includes("\u001b[31m")));
  });

  test("is a syntax error if the first diagnostic is one", () => {
    const { ename } = toTypeError(source, "In[3]", [
      { ...diagnostic, code: 1005, syntax: true },
      diagnostic,
    ]);
    assert.equal(ename, "SyntaxError");
  });

  test("lists all diagnostics and their number", () => {
    const second = { ...diagnostic, code: 7006, message: "Second." };
    const { evalue } = toTypeError(source, "In[3]", [
      diagnostic,
      second,
      second,
    ]);
    assert.match(evalue, /^TS2322: .* \(and 2 more\)$/);
    const text = lines(diagnostic, second);
    assert.equal(
      text.filter((line) => line.startsWith("Cell In[3]")).length,
      2,
    );
    assert.equal(text.at(-1), "TypeScriptError: TS7006: Second.");
  });

  test("in another file names that file and does not show the cell", () => {
    assert.deepEqual(lines({ ...diagnostic, file: "src/data/scale.ts" }), [
      "src/data/scale.ts, line 2",
      "TypeScriptError: TS2322: Type 'string' is not assignable to type 'number'.",
    ]);
  });
});
