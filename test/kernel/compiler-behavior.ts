/**
 * Tests for either compiler: diagnostics, declarations and source maps.
 *
 * `cells.test.ts` tests which cells both compilers accept, with their outcomes.
 */
import assert from "node:assert/strict";
import { SourceMap, type SourceMapPayload } from "node:module";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import type { CompiledCell } from "../../kernel/compiler/compiler";
import { createCompiler } from "../../kernel/compiler/create-compiler";
import {
  type CompilerName,
  compilerSettings,
  typeScriptVersion,
} from "../../kernel/compiler/settings";
import { projectFolder } from "./kernel-client";

const notebookFolder = join(projectFolder, "notebooks");

/** Defines the tests for one of the compilers. */
export function testCompiler(compilerName: CompilerName): void {
  const compiler = createCompiler(
    compilerSettings(compilerName, notebookFolder),
  );

  beforeEach(() => compiler.reset());
  after(() => compiler.close());

  /** Compiles a cell that must not have errors, and keeps its declarations. */
  async function compiled(source: string): Promise<CompiledCell> {
    const { cell, diagnostics } = await compiler.compile(source);
    assert.ok(cell, `${source}\n${JSON.stringify(diagnostics)}`);
    await compiler.commit();
    return cell;
  }

  /** Returns TypeScript's error codes for a cell. */
  async function errorCodes(source: string): Promise<number[]> {
    const { diagnostics = [] } = await compiler.compile(source);
    return diagnostics.map(({ code }) => code);
  }

  describe("cells that do not compile", () => {
    test("report the position, with lines and columns counted from zero", async () => {
      const { diagnostics = [] } = await compiler.compile(
        'const a = "\u{1F600}";\n  const size: number = a;',
      );
      const { start, end, syntax, file, message } = diagnostics[0]!;
      assert.deepEqual(start, { line: 1, column: 8 });
      assert.deepEqual(end, { line: 1, column: 12 });
      assert.equal(syntax, false);
      assert.equal(file, undefined);
      assert.equal(
        message,
        "Type 'string' is not assignable to type 'number'.",
      );
    });

    test("distinguish syntax errors from type errors", async () => {
      const { diagnostics = [] } = await compiler.compile("let x = ;");
      assert.equal(diagnostics[0]?.syntax, true);
    });

    test("explain nested types in one diagnostic", async () => {
      const { diagnostics = [] } = await compiler.compile(
        "const a: { b: { c: string } } = { b: { c: 1 as number } };\nconst f: (s: string) => void = (n: number) => {};",
      );
      assert.equal(diagnostics.length, 2);
      assert.match(diagnostics[1]!.message, /\n {2}.*parameters/);
    });
  });

  describe("declarations", () => {
    test("are seen only after commit", async () => {
      await compiler.compile("const pending = 1;");
      assert.deepEqual(await errorCodes("pending"), [2304]);
      await compiler.compile("const pending = 1;");
      await compiler.commit();
      assert.deepEqual(await errorCodes("pending"), []);
    });

    test("are forgotten after reset", async () => {
      await compiled("const gone = 1;");
      await compiler.reset();
      assert.deepEqual(await errorCodes("gone"), [2304]);
    });

    test("are not changed by completion, inspection and completeness requests", async () => {
      await compiled("const steady = { a: 1 };");
      await compiler.complete("const steady = 1; ste", 21);
      await compiler.inspect("const steady = 1;", 8);
      await compiler.completeness("const steady = ");
      assert.equal(
        (await compiler.complete("steady.", 7)).entries[0]?.name,
        "a",
      );
      assert.deepEqual(await errorCodes("steady.a.toFixed()"), []);
    });
  });

  describe("source maps", () => {
    /**
     * Returns the original position of the first `token` in the output, as "line:column" counted
     * from one.
     */
    function written({ javascript, sourceMap }: CompiledCell, token: string) {
      const offset = javascript.indexOf(token);
      assert.ok(offset >= 0, `${token} is not in\n${javascript}`);
      const before = javascript.slice(0, offset).split("\n");
      const payload = JSON.parse(sourceMap) as SourceMapPayload;
      const line = before.length - 1;
      const entry = new SourceMap(payload).findEntry(
        line,
        before.at(-1)?.length ?? 0,
      );
      // Node falls back to an earlier line if this one has no mapping.
      return "originalLine" in entry && entry.generatedLine === line
        ? `${entry.originalLine + 1}:${entry.originalColumn + 1}`
        : undefined;
    }

    /** Returns the position of `token` in the cell. */
    function positionOf(source: string, token: string): string {
      const before = source.slice(0, source.indexOf(token)).split("\n");
      return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    }

    for (const [what, source] of [
      ["on the first line", "mark();"],
      [
        "after removed types",
        "interface A {\n  a: 1;\n}\ntype B =\n  | 1\n  | 2;\nmark();",
      ],
      ["after comments", "/* one\n two */ // three\nmark();"],
      [
        "in an indented block",
        "if (true) {\n    while (false) {}\n    mark();\n}",
      ],
      [
        "after a type on the same line",
        "const a: Map<string, number> = new Map<string, number>(); mark();",
      ],
      ["after astral characters", 'const a = "\u{1F600}\u{1F600}"; mark();'],
      [
        "after an import",
        'import { join } from "node:path";\njoin("a");\nmark();',
      ],
      [
        "after a type-only import",
        'import type { Server } from "node:http";\nlet s: Server | undefined; mark();',
      ],
      ["in a let shared by cells", "let a = 1; let b = mark();"],
      ["in one of two variables", "let a: number = 1, b: number = mark();"],
      [
        "after a let without an initializer",
        "let a: number | undefined, b = mark();",
      ],
      ["after a var", "var a = [1,\n 2].concat(mark());"],
      [
        "in a function",
        "function f(a: number,\n  b: string): void {\n  mark();\n}",
      ],
      [
        "in a class",
        "abstract class A {\n  declare x: 1;\n  abstract y(): void;\n  z(): void { mark(); }\n}",
      ],
      ["after await", "await Promise.resolve();\nmark();"],
      ["in the last expression", "const a = 1;\n[a, mark()]"],
      ["after an enum", "enum E { A, B }\nmark();"],
      ["after tabs", "\tconst a = 1;\tmark();"],
    ] as const) {
      test(what, async () => {
        await compiled("function mark(): number { return 1; }");
        const cell = await compiled(source);
        assert.equal(written(cell, "mark"), positionOf(source, "mark"));
      });
    }

    test("name the cell as their only source", async () => {
      const { sourceMap } = await compiled("1");
      const { version, sources } = JSON.parse(sourceMap) as Record<
        string,
        unknown
      >;
      assert.equal(version, 3);
      assert.deepEqual(sources, ["cell"]);
    });
  });

  describe("editor requests", () => {
    test("completion returns names, kinds and the range they replace", async () => {
      await compiled("const firstName = 1; function firstFunction() {}");
      const { start, end, entries } = await compiler.complete("1 + first", 9);
      assert.deepEqual([start, end], [4, 9]);
      const kinds = Object.fromEntries(
        entries.map(({ name, kind }) => [name, kind]),
      );
      assert.deepEqual(kinds, {
        firstName: "instance",
        firstFunction: "function",
      });
    });

    test("inspection returns signature and documentation", async () => {
      await compiled(
        "/** Twice.\n * @returns The double. */\nfunction twice(n: number): number { return 2 * n; }",
      );
      const found = await compiler.inspect("twice(1)", 2);
      assert.match(String(found?.signature), /twice\(n: number\): number/);
      assert.match(
        String(found?.documentation),
        /^Twice\.\n\n\*\*Returns\*\*\n\nThe double\.$/,
      );
      assert.equal(await compiler.inspect("unknownName", 2), undefined);
      assert.equal(await compiler.inspect("", 0), undefined);
    });

    test("the version is TypeScript's", () => {
      assert.equal(compiler.version, typeScriptVersion(compilerName));
    });
  });
}
