/**
 * Whether a text is a whole cell, from what the parser objects to.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import ts from "typescript";
import { completeness } from "../../kernel/compiler/completeness";

function judged(source: string) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022);
  const { parseDiagnostics } = file as unknown as {
    parseDiagnostics: { code: number; start: number; length: number }[];
  };
  return completeness(source, parseDiagnostics);
}

describe("completeness", () => {
  for (const [status, sources] of Object.entries({
    complete: [
      "",
      "\n\n",
      "a",
      "a;",
      "const f = async () => { await g(); };",
      "for (const x of [1]) {\n}",
      "type A<T> = T extends string ? 1 : 2",
      "`a ${b} c`",
      "/re/",
      "class A { #x = 1; }",
      "// open",
      "label: while (true) { break label; }",
    ],
    incomplete: [
      "{",
      "f(",
      "[1, 2",
      "a +",
      "a ?",
      "`a",
      "`a ${b",
      "/* a",
      "if (a) {\n",
      "class A {",
      "const a: number =",
      "type A = {",
      "new",
      "x =>",
      "import { a",
      "f(\n\n",
    ],
    invalid: [
      "}",
      ")",
      "a b",
      "const = 1",
      "1 +* 2",
      "'a",
      '"a\nb"',
      "f(1,, ]",
    ],
  })) {
    for (const source of sources) {
      test(`${JSON.stringify(source)} is ${status}`, () => {
        assert.equal(judged(source).status, status);
      });
    }
  }

  test("the next line stands as deep as the last, and deeper after an open bracket", () => {
    assert.equal(judged("f(a,").indent, "");
    assert.equal(judged("f(").indent, "  ");
    assert.equal(judged("{\n  g([").indent, "    ");
    assert.equal(judged("{\n    a;\n    b +").indent, "    ");
    assert.equal(judged("a").indent, "");
    assert.equal(judged("}").indent, "");
  });
});
