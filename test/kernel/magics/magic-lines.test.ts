/**
 * Tests which lines of a cell are magics, what is written for them, and where their positions are.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import ts from "typescript";
import { edited } from "../../../kernel/compiler/text-edit";
import { nearestMagic, unknownMagic } from "../../../kernel/magics/catalog";
import { EditedPositions } from "../../../kernel/magics/compiler/edited-positions";
import { magicCell } from "../../../kernel/magics/compiler/magic-lines";
import {
  earlyMagics,
  writeMagics,
} from "../../../kernel/magics/compiler/magic-writer";

/** The magics of a cell, as their lines and names. */
function found(source: string): readonly string[] {
  return (magicCell(ts, source)?.lines ?? []).map(({ start, isCell, name }) => {
    const line = source.slice(0, start).split("\n").length;
    return `${line} ${isCell ? "%%" : "%"}${name}`;
  });
}

describe("a line is a magic", () => {
  for (const [what, source, expected] of [
    ["alone", "%who", ["1 %who"]],
    ["indented", "  %who", ["1 %who"]],
    ["after a semicolon", "a;\n%who", ["2 %who"]],
    ["after a block", "if (a) {}\n%who", ["2 %who"]],
    ["after a function", "const f = () => {}\n%who", ["2 %who"]],
    ["after a comment", "// a\n%who", ["2 %who"]],
    ["in a block", "{\n  %time f()\n}", ["2 %time"]],
    ["in a function", "function g() {\n  %time f();\n}", ["2 %time"]],
    ["with an unknown name", "%nothing", ["1 %nothing"]],
    ["without a name yet", "%", ["1 %"]],
    ["of a whole cell", "%%time\nf();", ["1 %%time"]],
    ["after another", "%cd a\n%cd b\n%who", ["1 %cd", "2 %cd", "3 %who"]],
    [
      "after a statement that a magic measures",
      "%time f()\n%time g()\n%who",
      ["1 %time", "2 %time", "3 %who"],
    ],
    ["after windows' line ends", "a;\r\n%who\r\n%cd x", ["2 %who", "3 %cd"]],
    ["in a cell with JSX", "const a = <b>c</b>;\n%who", ["2 %who"]],
    ["beside an odd argument", "%cd it's`here\n%who", ["1 %cd", "2 %who"]],
    ["that opens a comment", "%cd /*\n%who", ["1 %cd", "2 %who"]],
  ] as const) {
    test(what, () => assert.deepEqual(found(source), expected));
  }
});

describe("a line is no magic", () => {
  for (const [what, source] of [
    ["that continues an expression", "a\n%b"],
    ["that continues an expression with a magic's name", "a\n%who"],
    ["that continues a declaration", "const c = a\n  %time"],
    ["inside brackets", "f(a\n%b)"],
    ["in a template", "`\n%who\n`"],
    ["in a template's expression", "`${a\n%b}`"],
    ["in a comment", "/*\n%who\n*/"],
    ["in a string that goes on", '"\\\n%who"'],
    ["in a class", "class A {\n  %who\n}"],
    ["behind an operator", "const c =\n%who"],
    ["with a space after the sign", "a;\n% who"],
    ["that is no name", "%1"],
    ["that is text in JSX", "const a = <b>\n%who\n</b>;"],
    ["inside what a magic measures", "%time f(a\n%b)"],
    ["below, with a name that is none", "%time a\n%b"],
  ] as const) {
    const first = source.startsWith("%time") ? ["1 %time"] : [];
    test(what, () => assert.deepEqual(found(source), first));
  }
});

test("blanks keep all positions", () => {
  const source = "a;\n%time const b = 1;\n%cd folder\n%timeit -n 3 c";
  const { blanked } = magicCell(ts, source)!;
  assert.equal(blanked.length, source.length);
  assert.equal(blanked.indexOf("const b"), source.indexOf("const b"));
  assert.equal(blanked.lastIndexOf("c"), source.lastIndexOf("c"));
  assert.doesNotMatch(blanked, /%|folder|-n/);
});

/** The text that is compiled for a cell. */
function written(source: string): string {
  const { edits, errors } = writeMagics(ts, magicCell(ts, source)!);
  assert.equal(errors, undefined);
  const text = edited(source, edits);
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ES2022);
  const { parseDiagnostics } = file as unknown as {
    parseDiagnostics: readonly ts.Diagnostic[];
  };
  assert.deepEqual(
    parseDiagnostics.map(({ messageText }) => messageText),
    [],
    text,
  );
  return text;
}

test("what is compiled is TypeScript, on the same lines", () => {
  for (const source of [
    "%time f()",
    "%time f(); // a comment",
    "%time const a = await f(); g()",
    "%time for (const a of b) {\n  f(a);\n}",
    "%time a, b",
    "%timeit -n 10 -r 2 f({\n  a,\n})",
    "%timeit { const a = 1; }",
    "%%time\nconst a = 1;\na // the end",
    "%%time\nif (a) { b }",
    "%%time a",
    "%%timeit -n 3 const a = 1;\nb(a)\nc // the end",
    "%cd it's`here\n(a)",
    "%who\n[1].map(a)",
    "%install a\n%reset -f\n%time f()\n%who",
    "switch (a) {\n  case 1:\n    %who\n}",
  ]) {
    const text = written(source);
    source.split("\n").forEach((line, index) => {
      const same = text.split("\n")[index]!;
      const last = line.replace(/^\s*%\S+(?: -\w \d+)*/, "").trim();
      const isKept = !/^\s*%(?:cd|who|install|reset)/.test(line);
      if (isKept) assert.ok(same.includes(last.split(/;|,| \/\//)[0]!), text);
    });
  }
});

test("a wrong magic is an error at its name", () => {
  for (const [source, line, expected] of [
    ["a;\n%tiem f()", 1, /received %tiem\. Did you mean %time\?/],
    ["%", 0, /Expected the name of a magic/],
    ["%%who", 0, /Did you mean %who\?/],
    ["a;\n%%time\nb", 1, /first line of its cell/],
    ["%%time", 0, /Expected statements below %%time/],
    ["%time\nf()", 0, /Expected a statement behind %time/],
    ['%time import a from "a"', 0, /received an import/],
    ["a;\n%reset", 1, /above the statements/],
    ["{\n%install a\n}", 1, /outside of blocks/],
  ] as const) {
    const { errors } = writeMagics(ts, magicCell(ts, source)!);
    assert.equal(errors?.length, 1, source);
    assert.match(errors[0]!.message, expected);
    assert.equal(errors[0]!.start.line, line);
    assert.equal(errors[0]!.start.column, 0);
  }
});

test("only a cell that can run has magics that run before it", () => {
  const early = (source: string) => earlyMagics(ts, magicCell(ts, source)!);
  assert.deepEqual(early("%install a@1.0.0 b // why\nimport a from 'a';"), [
    { name: "install", argument: "a@1.0.0 b" },
  ]);
  assert.deepEqual(early("%reset -f;\n%install\n%who"), [
    { name: "reset", argument: "-f" },
    { name: "install", argument: "" },
  ]);
  assert.deepEqual(early("%install a\nconst = 1;"), []);
  assert.deepEqual(early("%install a\n%nothing"), []);
  assert.deepEqual(early("%who"), []);
});

test("positions of the compiled text are those of the cell", () => {
  const source = "a;\n%time const b = f(1), c = 2; d\ne";
  const { edits } = writeMagics(ts, magicCell(ts, source)!);
  const text = edited(source, edits!);
  const positions = new EditedPositions(source, edits!);
  for (const part of ["a;", "const b", "f(1)", "c = 2", " d\n", "e"]) {
    const at = (whole: string) => {
      const lines = whole.slice(0, whole.lastIndexOf(part)).split("\n");
      return { line: lines.length - 1, column: lines.at(-1)!.length };
    };
    assert.deepEqual(positions.original(at(text)), at(source), part);
  }
  assert.deepEqual(positions.original({ line: 9, column: 3 }), {
    line: 2,
    column: 1,
  });
});

test("an unknown magic names the nearest", () => {
  for (const [name, near] of [
    ["tiem", "time"],
    ["timit", "timeit"],
    ["instal", "install"],
    ["Help", "help"],
    ["whos", "who"],
    ["matplotlib", undefined],
  ] as const) {
    assert.equal(nearestMagic(name), near);
    assert.match(unknownMagic(name), near ? /Did you mean/ : /%help lists all/);
  }
});
