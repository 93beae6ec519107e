/**
 * What is asked of either compiler by itself: what it tells of a cell, what it keeps, and how what runs maps to what was written.
 *
 * Which cells they take and what those come to is in `cells.test.ts`, for both.
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

/** The tests, for one of the two. */
export function testCompiler(compilerName: CompilerName): void {
  const compiler = createCompiler(
    compilerSettings(compilerName, notebookFolder),
  );

  beforeEach(() => compiler.reset());
  after(() => compiler.close());

  /** Compiles a cell that is expected to compile, and keeps its declarations. */
  async function compiled(source: string): Promise<CompiledCell> {
    const { cell, diagnostics } = await compiler.compile(source);
    assert.ok(cell, `${source}\n${JSON.stringify(diagnostics)}`);
    await compiler.commit();
    return cell;
  }

  /** TypeScript's numbers of what is wrong with a cell. */
  async function objections(source: string): Promise<number[]> {
    const { diagnostics = [] } = await compiler.compile(source);
    return diagnostics.map(({ code }) => code);
  }

  describe("cells that do not compile", () => {
    test("tell where they are wrong, in lines and columns from zero", async () => {
      const { diagnostics = [] } = await compiler.compile(
        'const a = "\u{1F600}";\n  const size: number = a;',
      );
      const [{ start, end, syntax, file, message }] = diagnostics;
      assert.deepEqual(start, { line: 1, column: 8 });
      assert.deepEqual(end, { line: 1, column: 12 });
      assert.equal(syntax, false);
      assert.equal(file, undefined);
      assert.equal(
        message,
        "Type 'string' is not assignable to type 'number'.",
      );
    });

    test("tell grammar from types", async () => {
      const { diagnostics = [] } = await compiler.compile("let x = ;");
      assert.equal(diagnostics[0].syntax, true);
    });

    test("explain nested types in one objection", async () => {
      const { diagnostics = [] } = await compiler.compile(
        "const a: { b: { c: string } } = { b: { c: 1 as number } };\nconst f: (s: string) => void = (n: number) => {};",
      );
      assert.equal(diagnostics.length, 2);
      assert.match(diagnostics[1].message, /\n {2}.*parameters/);
    });
  });

  describe("declarations", () => {
    test("are seen only after commit", async () => {
      await compiler.compile("const pending = 1;");
      assert.deepEqual(await objections("pending"), [2304]);
      await compiler.compile("const pending = 1;");
      await compiler.commit();
      assert.deepEqual(await objections("pending"), []);
    });

    test("are forgotten after reset", async () => {
      await compiled("const gone = 1;");
      await compiler.reset();
      assert.deepEqual(await objections("gone"), [2304]);
    });

    test("asking for completions, hints and completeness leaves them as they are", async () => {
      await compiled("const steady = { a: 1 };");
      await compiler.complete("const steady = 1; ste", 21);
      await compiler.inspect("const steady = 1;", 8);
      await compiler.completeness("const steady = ");
      assert.equal(
        (await compiler.complete("steady.", 7)).entries[0]?.name,
        "a",
      );
      assert.deepEqual(await objections("steady.a.toFixed()"), []);
    });
  });

  describe("source maps", () => {
    /** Where the first `token` of what runs was written, as "line:column" from one. */
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
      // Node goes back to a line before if this one has no mapping.
      return "originalLine" in entry && entry.generatedLine === line
        ? `${entry.originalLine + 1}:${entry.originalColumn + 1}`
        : undefined;
    }

    /** Where `token` stands in the cell. */
    function place(source: string, token: string): string {
      const before = source.slice(0, source.indexOf(token)).split("\n");
      return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    }

    for (const [what, source] of [
      ["on the first line", "mark();"],
      [
        "behind types that vanish",
        "interface A {\n  a: 1;\n}\ntype B =\n  | 1\n  | 2;\nmark();",
      ],
      ["behind comments", "/* one\n two */ // three\nmark();"],
      [
        "in an indented block",
        "if (true) {\n    while (false) {}\n    mark();\n}",
      ],
      [
        "behind a type on the same line",
        "const a: Map<string, number> = new Map<string, number>(); mark();",
      ],
      ["behind astral characters", 'const a = "\u{1F600}\u{1F600}"; mark();'],
      [
        "behind an import",
        'import { join } from "node:path";\njoin("a");\nmark();',
      ],
      [
        "behind an import for types",
        'import type { Server } from "node:http";\nlet s: Server | undefined; mark();',
      ],
      ["in a let that is shared by cells", "let a = 1; let b = mark();"],
      ["in one of two variables", "let a: number = 1, b: number = mark();"],
      [
        "behind a let without a value",
        "let a: number | undefined, b = mark();",
      ],
      ["behind a var", "var a = [1,\n 2].concat(mark());"],
      [
        "in a function",
        "function f(a: number,\n  b: string): void {\n  mark();\n}",
      ],
      [
        "in a class",
        "abstract class A {\n  declare x: 1;\n  abstract y(): void;\n  z(): void { mark(); }\n}",
      ],
      ["behind await", "await Promise.resolve();\nmark();"],
      ["in the last expression", "const a = 1;\n[a, mark()]"],
      ["behind an enum", "enum E { A, B }\nmark();"],
      ["behind tabs", "\tconst a = 1;\tmark();"],
    ] as const) {
      test(what, async () => {
        await compiled("function mark(): number { return 1; }");
        const cell = await compiled(source);
        assert.equal(written(cell, "mark"), place(source, "mark"));
      });
    }

    test("name one source, the cell", async () => {
      const { sourceMap } = await compiled("1");
      const { version, sources } = JSON.parse(sourceMap) as Record<
        string,
        unknown
      >;
      assert.equal(version, 3);
      assert.deepEqual(sources, ["cell"]);
    });
  });

  describe("an editor's questions", () => {
    test("completion gives names, kinds and the stretch they replace", async () => {
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

    test("inspection gives signature and documentation", async () => {
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
