/**
 * The compilers by themselves: which cells they take, what those compute, and how what runs maps to what was written.
 *
 * Each test is done with each compiler; where they differ, that stands in the test.
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import vm from "node:vm";
import type { CompiledCell } from "../../kernel/compiler/compiler";
import {
  compilerNames,
  createCompiler,
  type CompilerName,
} from "../../kernel/compiler/create-compiler";
import { importedValue, ModuleLoader } from "../../kernel/runtime/loader";
import { createStopFlag } from "../../kernel/runtime/stop-flag";
import { createScope } from "../../kernel/runtime/scope";
import { projectFolder } from "./kernel-client";

const notebookFolder = join(projectFolder, "notebooks");
const cellRequire = createRequire(join(notebookFolder, "cell.js"));
const loader = new ModuleLoader(cellRequire, notebookFolder);

for (const name of compilerNames) {
  describe(`compiler ${name}`, () => testCompiler(name));
}

function testCompiler(compilerName: CompilerName): void {
  const compiler = createCompiler({
    compiler: compilerName,
    projectFolder,
    notebookFolder,
  });

  /** The variables of the cells of one test. */
  let variables: Record<string, unknown> = {};
  beforeEach(async () => {
    await compiler.reset();
    variables = {};
  });
  after(() => compiler.close());

  /** Compiles a cell that is expected to compile, and keeps its declarations. */
  async function compiled(source: string): Promise<CompiledCell> {
    const { cell, diagnostics } = await compiler.compile(source);
    assert.ok(cell, `${source}\n${JSON.stringify(diagnostics)}`);
    await compiler.commit();
    return cell;
  }

  /** Compiles and runs a cell; its value is the last expression's. */
  async function run(source: string): Promise<unknown> {
    const cell = await compiled(source);
    const main = vm.runInThisContext(cell.javascript) as (
      ...parameters: unknown[]
    ) => unknown;
    for (const { module, names } of cell.imports ?? []) {
      const loaded = await loader.load(module);
      for (const name of names) {
        variables[name.slot] = importedValue(loaded, name);
      }
    }
    const returned = main(
      cell.imports ? variables : createScope(variables),
      cellRequire,
      (module: string) => loader.importModule(module),
      createStopFlag(),
    );
    assert.equal(returned instanceof Promise, cell.isAsync);
    await returned;
    if (cell.lastExpression === undefined) return undefined;
    return variables[cell.lastExpression];
  }

  /** TypeScript's numbers of what is wrong with a cell. */
  async function objections(source: string): Promise<number[]> {
    const { diagnostics = [] } = await compiler.compile(source);
    return diagnostics.map(({ code }) => code);
  }

  describe("cells, one after the other", () => {
    // Each line is a notebook: its cells, and the value of the last one.
    const notebooks: [string, string[], unknown][] = [
      ["a number", ["1 + 1"], 2],
      ["no value", ["const a = 1;"], undefined],
      ["undefined", ["undefined"], undefined],
      ["an object in parentheses", ["({ a: 1 })"], { a: 1 }],
      ["a variable of an earlier cell", ["const a = 1;", "a + 1"], 2],
      [
        "a function of an earlier cell",
        ["function f() { return 3; }", "f()"],
        3,
      ],
      ["a class of an earlier cell", ["class A { b = 4 }", "new A().b"], 4],
      [
        "a generator",
        ["function* g() { yield 1; yield 2; }", "[...g()]"],
        [1, 2],
      ],
      ["an enum", ["enum E { A = 5, B }", "E.B"], 6],
      ["a namespace", ["namespace N { export const a = 1; }", "N.a"], 1],
      [
        "a generic function",
        ["const id = <T>(t: T): T => t;", 'id("x").length'],
        1,
      ],
      [
        "an interface",
        ["interface I { a: number }", "const i: I = { a: 1 }; i.a"],
        1,
      ],
      [
        "a merged type",
        [
          "type A = { a: 1 }",
          "type B = A & { b: 2 }; const b: B = { a: 1, b: 2 }; b.b",
        ],
        2,
      ],
      [
        "destructuring",
        ["const { a, b: [c, ...d] } = { a: 1, b: [2, 3, 4] };", "[a, c, d]"],
        [1, 2, [3, 4]],
      ],
      [
        "destructuring of what is iterated",
        ["let [p, q] = new Set([1, 2]);", "[p, q]"],
        [1, 2],
      ],
      [
        "a const declared again",
        ["const a = 1;", 'const a = "x";', "a.length"],
        1,
      ],
      ["a let declared again", ["let a = 1;", 'let a = "xy";', "a.length"], 2],
      [
        "a let declared again without a value",
        ["let a = 1;", "let a: number | undefined;", "a"],
        undefined,
      ],
      ["a var declared again", ["var a = 1;", "var a = 2;", "a"], 2],
      [
        "a class declared again",
        ["class A { a = 1 }", "class A { b = 2 }", "new A().b"],
        2,
      ],
      [
        "a function declared again",
        [
          "function f() { return 1; }",
          "function f() { return 'x'; }",
          "f().length",
        ],
        1,
      ],
      [
        "a type declared again",
        ["type T = string", "type T = number", "const t: T = 1; t"],
        1,
      ],
      [
        "an import declared again",
        ['import { sep } from "node:path"', "const sep = 7;", "sep"],
        7,
      ],
      ["a variable set by a later cell", ["let a = 1;", "a = 5;", "a"], 5],
      [
        "a variable set by a later cell, read by an earlier function",
        ["let a = 1; const read = () => a;", "a = 5;", "read()"],
        5,
      ],
      [
        "a variable set by an earlier function",
        ["let n = 0; function up() { n += 1; }", "up(); up();", "n"],
        2,
      ],
      [
        "a var set by a later cell, read by an earlier function",
        ["var a = 1; function read() { return a; }", "a = 5;", "read()"],
        5,
      ],
      [
        "two variables in one statement",
        ["let a = 1, b = a + 1;", "a += b; b = a;", "[a, b]"],
        [3, 3],
      ],
      [
        "a function in a variable",
        ["let f = (n: number) => n + 1;", "f = (n) => n * 10;", "f(2)"],
        20,
      ],
      [
        "a function in a variable has its name",
        ["let named = () => 1;", "named.name"],
        "named",
      ],
      [
        "a const keeps what an earlier function saw",
        ["const a = 1; const read = () => a;", "const a = 2;", "read()"],
        1,
      ],
      [
        "a name inside a template and a string",
        ["let a = 1;", "const s = `let a = 2;\\nlet b`; a"],
        1,
      ],
      ["shorthand of a variable", ["let a = 1;", "({ a })"], { a: 1 }],
      [
        "shorthand within the same cell",
        ["let a = 1; a += 1; ({ a })"],
        { a: 2 },
      ],
      [
        "a typeof query",
        ["let a = { b: 1 };", "const c: typeof a = { b: 2 }; c.b"],
        2,
      ],
      [
        "an import",
        ['import { join } from "node:path"; join("a", "b")'],
        "a/b",
      ],
      [
        "an import of an earlier cell",
        ['import { join } from "node:path"', 'join("a", "b")'],
        "a/b",
      ],
      ["a default import", ['import path from "node:path"', "path.sep"], "/"],
      [
        "a namespace import",
        ['import * as path from "node:path"', "path.sep"],
        "/",
      ],
      ["a renamed import", ['import { sep as s } from "node:path"', "s"], "/"],
      ["a dynamic import", ['const m = await import("node:path"); m.sep'], "/"],
      ["top-level await", ["const a = await Promise.resolve(1);", "a"], 1],
      ["an awaited last expression", ["await Promise.resolve(2)"], 2],
      [
        "a for await in an async function alone",
        [
          "async function f() { for await (const n of [1]) return n; } const p = f(); typeof p.then",
        ],
        "function",
      ],
      [
        "for await",
        ["let s = 0; for await (const n of [1, Promise.resolve(2)]) s += n; s"],
        3,
      ],
      [
        "optional chaining",
        ["const o: { a?: { b: number } } = {};", "o.a?.b ?? 9"],
        9,
      ],
      [
        "private fields",
        ["class C { #x = 1; get x() { return this.#x; } }", "new C().x"],
        1,
      ],
      ["a getter", ["const o = { get a() { return 1; } };", "o.a"], 1],
      [
        "satisfies",
        ["const c = { a: 1 } satisfies Record<string, number>;", "c.a"],
        1,
      ],
      ["as const", ["const t = [1, 2] as const;", "t.length"], 2],
      ["a label", ["outer: for (;;) { for (;;) break outer; } 1"], 1],
      ["a bigint", ["2n ** 64n"], 2n ** 64n],
      ["a regular expression", ["/a(?<b>.)/.exec('ax')?.groups?.b"], "x"],
      ["a comment at the end", ["1 // one"], 1],
      [
        "a comment without a newline after a declaration",
        ["const a = 1 // one", "a"],
        1,
      ],
      ["Windows line ends", ["const a = 1;\r\nconst b = 2;\r\na + b"], 3],
      [
        "a text that looks like JavaScript for modules",
        ['"exports.a = void 0;"'],
        "exports.a = void 0;",
      ],
      [
        "a variable named like the wrapper's",
        ["const exports2 = 1; const module2 = 2; exports2 + module2"],
        3,
      ],
      [
        "globalThis",
        ["(globalThis as any).fromCell = 1;", "(globalThis as any).fromCell"],
        1,
      ],
      ["console's type", ["typeof console.log"], "function"],
      ["Node's globals", ["Buffer.from('a').length + process.pid * 0"], 1],
      [
        "decorators",
        [
          "function d(t: unknown, k: string) {} class D { @d a = 1 }",
          "new D().a",
        ],
        1,
      ],
      [
        "a nested function's let",
        ["function f() { let a = 1; return a; } let a = 2;", "a = 3; f()"],
        1,
      ],
    ];
    for (const [what, cells, expected] of notebooks) {
      test(what, async () => {
        let value: unknown;
        for (const cell of cells) value = await run(cell);
        assert.deepEqual(value, expected);
      });
    }

    test("a cell that fails before its declarations leaves the old values", async () => {
      await run("let a = 1; const b = 2;");
      await assert.rejects(
        run("throw new Error('x'); let a = 5; const b = 6; let [c] = [7];"),
      );
      assert.deepEqual(await run("[a, b]"), [1, 2]);
    });
  });

  describe("cells that do not compile", () => {
    for (const [what, source, codes] of [
      ["a wrong type", "const a: number = 'x'", [2322]],
      ["an unknown name", "nowhere", [2304]],
      ["an unknown property", "({ a: 1 }).b", [2339]],
      ["a wrong argument", "Math.sqrt('4')", [2345]],
      ["too few arguments", "Math.pow(1)", [2554]],
      ["an unknown module", 'import { a } from "no-such-module"', [2307]],
      [
        "an unknown member of a module",
        'import { nope } from "node:path"',
        [2305],
      ],
      ["null where there may be none", "let s: string = null", [2322]],
      ["an implicit any", "const f = (a) => a", [7006]],
      ["a const that is assigned to", "const c = 1; c = 2", [2588]],
      ["a name declared twice", "const d = 1; const d = 2", [2451, 2451]],
      ["grammar", "const = 1", [1134, 1134]],
      ["two errors", "const a: string = 1; nowhere", [2322, 2304]],
    ] as const) {
      test(what, async () => {
        assert.deepEqual(await objections(source), codes);
      });
    }

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

    test("leave nothing behind", async () => {
      await run("const a = 1; type T = number;");
      assert.notDeepEqual(
        await objections("const a = 'x'; type T = string; nowhere"),
        [],
      );
      assert.equal(await run("const t: T = a; t"), 1);
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
      const place = originalPositionFor(new TraceMap(sourceMap), {
        line: before.length,
        column: before.at(-1)?.length ?? 0,
      });
      return place.line === null
        ? undefined
        : `${place.line}:${place.column + 1}`;
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
        firstName: "const",
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
        /^Twice\.\n\n- \*@returns\* The double\.$/,
      );
      assert.equal(await compiler.inspect("unknownName", 2), undefined);
      assert.equal(await compiler.inspect("", 0), undefined);
    });

    test("the version is TypeScript's", () => {
      assert.match(compiler.version, /^5\.\d+\.\d+$/);
    });
  });
}
