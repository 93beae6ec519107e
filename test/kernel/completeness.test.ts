/**
 * Tests whether a text is a complete cell, based on the syntax errors of the parser.
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
      "'a\\",
      "try {}",
      "a /",
      "f( // a note",
      "a + // a note",
      "a +\n/* a note */ // and more\n",
      "if (a) { /* } */",
      "@decorate",
      "import a from",
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
      "/a",
      "f('a",
      "'a\\\\",
      "{ ) ",
      "'a\nf(",
    ],
  })) {
    for (const source of sources) {
      test(`${JSON.stringify(source)} is ${status}`, () => {
        assert.equal(judged(source).status, status);
      });
    }
  }

  for (const [source, indent] of [
    ["f(", "  "],
    ["f(a,", "  "],
    ["{\n  g([", "    "],
    ["{\n  g([\n", "    "],
    ["{\n    a;\n    b +", "    "],
    ["if (a) {\n  b();", "  "],
    ["if (a) {\n  b();\n} else {", "  "],
    ["{\n  if (a) {\n  }", "  "],
    ["f(1) +", ""],
    ["{ // a note", "  "],
    ["f('(', /* ( */ a) + // (", ""],
    ["f(\n  '{',", "  "],
    ["`a\n   b", ""],
    ["f(`a ${b", "  "],
    ["  'a\\", ""],
    ["  /* a", "  "],
  ] as const) {
    test(`after ${JSON.stringify(source)} the next line is indented by ${indent.length}`, () => {
      assert.deepEqual(judged(source), { status: "incomplete", indent });
    });
  }

  test("a complete or invalid text has no indentation for the next line", () => {
    assert.equal(judged("  a").indent, "");
    assert.equal(judged("  }").indent, "");
  });
});
