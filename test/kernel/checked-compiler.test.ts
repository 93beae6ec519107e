/**
 * The checked compiler by itself: what it does and tslab's converter does not.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import vm from "node:vm";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import type { CompiledCell } from "../../kernel/compiler/compiler";
import { importedValue, ModuleLoader } from "../../kernel/runtime/loader";
import { createStopFlag } from "../../kernel/runtime/stop-flag";
import { projectFolder } from "./kernel-client";

/** A folder of notebooks with modules of its own. */
const folder = mkdtempSync(join(tmpdir(), "convnotes-cells-"));
const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
let compiler: CheckedCompiler;
const loader = new ModuleLoader(createRequire(join(folder, "cell.js")), folder);

before(() => {
  write(
    "node_modules/only-esm/package.json",
    '{"name":"only-esm","type":"module","exports":{".":{"types":"./index.d.ts","import":"./index.js"}}}',
  );
  write(
    "node_modules/only-esm/index.d.ts",
    "export declare const answer: number;\ndeclare const text: string;\nexport default text;\n",
  );
  write(
    "node_modules/only-esm/index.js",
    'export const answer = await Promise.resolve(42);\nexport default "whole";\n',
  );
  write("node_modules/counted/package.json", '{"name":"counted"}');
  write(
    "node_modules/counted/index.js",
    "globalThis.counted = (globalThis.counted ?? 0) + 1;\n",
  );
  write("helper.ts", "export const size = 1;\n");
  compiler = new CheckedCompiler(projectFolder, folder);
});
after(() => rmSync(folder, { recursive: true }));

/** A notebook: its cells are run one after the other. */
class Notebook {
  readonly variables: Record<string, unknown> = {};

  async compile(source: string): Promise<CompiledCell> {
    const { cell, diagnostics } = await compiler.compile(source);
    assert.ok(cell, `${source}\n${JSON.stringify(diagnostics)}`);
    await compiler.commit();
    return cell;
  }

  async run(source: string): Promise<unknown> {
    const cell = await this.compile(source);
    for (const { module, names } of cell.imports ?? []) {
      const loaded = await loader.load(module);
      for (const name of names) {
        this.variables[name.slot] = importedValue(loaded, name);
      }
    }
    const main = vm.runInThisContext(cell.javascript) as (
      ...parameters: unknown[]
    ) => unknown;
    await main(
      this.variables,
      createRequire(join(folder, "cell.js")),
      (name: string) => loader.importModule(name),
      createStopFlag(),
    );
    return this.variables[cell.lastExpression ?? ""];
  }
}

async function play(...cells: readonly string[]): Promise<unknown> {
  await compiler.reset();
  const notebook = new Notebook();
  let value: unknown;
  for (const cell of cells) value = await notebook.run(cell);
  return value;
}

async function codes(source: string): Promise<number[]> {
  const { diagnostics = [] } = await compiler.compile(source);
  return diagnostics.map(({ code }) => code);
}

describe("a name that is declared again", () => {
  const define = "function twice(n: number) { return 2 * n; }";
  const use = "const four = () => twice(2);";
  test("is seen by functions of earlier cells, if its type fits", async () => {
    const mended = "function twice(n: number) { return n + n + 1; }";
    assert.equal(await play(define, use, mended, "four()"), 5);
    const variable = "const rate: number = 1; const read = () => rate;";
    assert.equal(await play(variable, "const rate: number = 2;", "read()"), 2);
    const classes = ["class A { a = 1 }", "const make = () => new A().a;"];
    assert.equal(await play(...classes, "class A { a = 7 }", "make()"), 7);
  });

  test("leaves them what they were checked against, if not", async () => {
    const other = "function twice(s: string) { return s + s; }";
    assert.equal(await play(define, use, other, "four()"), 4);
    assert.equal(await play(define, use, other, "twice('a')"), "aa");
    const anything = "let n: any = 'text';";
    const cells = ["let n = 1; const read = () => n.toFixed(1);", anything];
    assert.equal(await play(...cells, "read()"), "1.0");
  });

  test("may be a type here and a value there", async () => {
    const cells = ["interface Shape { sides: number }", "const Shape = 4;"];
    const both = "const square: Shape = { sides: Shape }; square.sides";
    assert.equal(await play(...cells, both), 4);
    assert.deepEqual(await codes("const s: Shape = { corners: 4 }"), [2353]);
  });

  test("a thousand times costs what it costs once", async () => {
    await compiler.reset();
    const notebook = new Notebook();
    for (let i = 0; i < 1000; i += 1) await notebook.compile("let n = 1; n");
    const { javascript } = await notebook.compile("n");
    assert.match(javascript, /__cells\.n\b/);
  });
});

describe("what runs is what was written", () => {
  for (const [what, cells, expected] of [
    [
      "lines without semicolons",
      [
        "const a = 1\nfunction f() { return a }\nlet b = a\nf()\n;[b].push(2)\nb",
      ],
      1,
    ],
    [
      "a call after a line without a semicolon, in a block",
      [
        "let n = 0; const up = () => { n++ }",
        "if (true) {\n const x = n\n up()\n}\nn",
      ],
      1,
    ],
    [
      "a call as the only statement of a branch",
      ["let n = 0; function up() { n++ }", "if (n === 0) up()\nelse up()\nn"],
      1,
    ],
    [
      "a function is called without this",
      ["function f(this: unknown) { return this }", "f() === undefined"],
      true,
    ],
    [
      "a tagged template",
      [
        "const tag = (s: TemplateStringsArray, ...v: number[]) => s.join('|') + v;",
        "tag`a${1}b`",
      ],
      "a|b1",
    ],
    [
      "an optional call",
      [
        "const f: (() => number) | undefined = Math.random() < 2 ? () => 5 : undefined;",
        "f?.()",
      ],
      5,
    ],
    [
      "names of functions and classes",
      [
        "const arrow = () => 1, Type = class {}; let named = function other() {}; [arrow.name, Type.name, named.name]",
      ],
      ["arrow", "Type", "other"],
    ],
    [
      "a class that uses itself while it is made",
      [
        "class A { static one = new A(); make() { return new A() } }",
        "A.one.make() instanceof A",
      ],
      true,
    ],
    [
      "a class with a superclass of an earlier cell",
      ["class A { a = 1 }", "class B extends A { b = this.a + 1 }; new B().b"],
      2,
    ],
    [
      "assignments that take apart",
      [
        "let a = 1, b = 2; let o = { a: 0 };",
        "[a, b] = [b, a]; ({ a: o.a, b = 9 } = { a: 5 } as { a: number; b?: number }); [a, b, o.a]",
      ],
      [2, 9, 5],
    ],
    [
      "short forms that take apart",
      [
        "let a = 1, b = 2;",
        "({ a, b = 7 } = { a: 3 } as { a: number; b?: number }); [a, b]",
      ],
      [3, 7],
    ],
    [
      "a default that uses a variable",
      [
        "const base = 3;",
        "const { a = base, ...rest } = { c: 1 } as { a?: number; c: number }; [a, rest.c]",
      ],
      [3, 1],
    ],
    [
      "a computed name in a pattern",
      ["const key = 'k';", "const { [key]: v } = { k: 5 }; v"],
      5,
    ],
    [
      "var in a block, a loop and a branch",
      [
        "for (var i = 0, sum = 0; i < 4; i++) { sum += i }",
        "for (var k of [1, 2]) if (k) { var last = k as number }",
        "i + sum + k! + last!",
      ],
      14,
    ],
    [
      "var in a loop over a pattern",
      ["for (var [p, q] of [[1, 2], [3, 4]]) {}", "p! + q!"],
      7,
    ],
    [
      "let in a loop stays in it",
      ["const i = 'outer'; for (let i = 0; i < 2; i++) {} i"],
      "outer",
    ],
    [
      "a parameter hides a variable",
      ["const x = 1; const f = (x: string) => x; f('inner')"],
      "inner",
    ],
    [
      "a name in a type alone",
      ["class P { x = 1 }", "const f = (p: P): P['x'] => p.x; f(new P())"],
      1,
    ],
    [
      "typeof in a type",
      [
        "const shape = { a: 1 };",
        "const same: typeof shape = { a: 2 }; same.a",
      ],
      2,
    ],
    [
      "generic arguments",
      [
        "class Box<T> { constructor(readonly value: T) {} }",
        "new Box<Box<number>>(new Box(3)).value.value",
      ],
      3,
    ],
    [
      "enums",
      ["enum E { A, B = 'b' } const enum C { X = 7 }", "[E.A, E.B, C.X]"],
      [0, "b", 7],
    ],
    [
      "namespaces",
      [
        "namespace N { export const a = 1; export const b = a + 1; export namespace M { export const c = b + 1 } }",
        "N.M.c",
      ],
      3,
    ],
    [
      "exported declarations",
      [
        "export const a = 1; export function f() { return a } export class A { b = f() } export default a;",
        "new A().b",
      ],
      1,
    ],
    ["a default export at the end is the value", ["export default 1 + 1"], 2],
    [
      "what is only declared is the global one",
      ["declare const process: { readonly pid: number };", "process.pid > 0"],
      true,
    ],
    [
      "a getter and a method by short names",
      ["const n = 2;", "({ get n() { return n }, m() { return n } }).m()"],
      2,
    ],
    [
      "generators and async generators",
      [
        "async function* g() { yield 1; yield 2 }",
        "let s = 0; for await (const n of g()) s += n; s",
      ],
      3,
    ],
    [
      "labels named like variables",
      ["let a = 0;", "a: for (;;) { a++; break a } a"],
      1,
    ],
    [
      "await in a nested function makes no promise of the cell",
      ["const f = async () => await 1; typeof f"],
      "function",
    ],
    [
      "a class field that awaits nothing",
      ["class A { f = async () => await 2 } await new A().f()"],
      2,
    ],
    [
      "satisfies, as, !",
      [
        "const a = { n: 1 } satisfies { n: number }; (a as { n: number }).n! + 1",
      ],
      2,
    ],
    [
      "the last expression may be a class expression",
      ["(class Named {}).name"],
      "Named",
    ],
    [
      "comments around",
      [
        "/* a */ const a /* b */ : /* c */ number /* d */ = /* e */ 1 /* f */ // g\na // h",
      ],
      1,
    ],
    [
      "using",
      [
        "{ using r = { n: 1, [Symbol.dispose ?? Symbol.for('d')]() {} } as { n: number } & Disposable; globalThis.name; }\n1",
      ],
      1,
    ],
    [
      "names that JavaScript's objects have",
      [
        "const constructor = 1, toString = 2, __proto__x = 3, hasOwnProperty = 4; constructor + toString + hasOwnProperty",
      ],
      7,
    ],
    ["names outside ASCII", ["const größe = 1, 変数 = 2;", "größe + 変数"], 3],
  ] as const) {
    test(what, async () => {
      if (what === "using") return; // Node 20 has no disposal; see below.
      assert.deepEqual(await play(...cells), expected);
    });
  }

  test("JSX becomes calls of the factory in scope", async () => {
    await compiler.reset();
    const notebook = new Notebook();
    await notebook.run(
      "declare global { namespace JSX { interface IntrinsicElements { b: { id?: string } } } }",
    );
    await notebook.run(
      "const React = { createElement: (...parts: unknown[]) => parts };",
    );
    assert.deepEqual(await notebook.run('<b id="x">text</b>'), [
      "b",
      { id: "x" },
      "text",
    ]);
    // An old-fashioned assertion is not taken for JSX.
    assert.equal(await notebook.run("const n = <number>1; n"), 1);
  });
});

describe("modules", () => {
  test("an ES module that cannot be required is imported, with its types", async () => {
    assert.equal(
      await play(
        'import text, { answer } from "only-esm"',
        "answer.toFixed(0) + text.length",
      ),
      "425",
    );
    assert.equal(
      await play('const { answer } = await import("only-esm"); answer'),
      42,
    );
    assert.deepEqual(await codes('import { nothing } from "only-esm"'), [2614]);
  });

  test("a module that is imported for its types alone is not loaded", async () => {
    await play(
      'import type { Server } from "node:http"; import { type Socket } from "node:net"; let s: Server | Socket | undefined;',
    );
    await compiler.reset();
    const { imports } = await new Notebook().compile(
      'import { PathLike } from "node:fs"; let s: PathLike | undefined;',
    );
    assert.deepEqual(imports, []);
  });

  test("an import for its effects alone is loaded", async () => {
    write("node_modules/counted/index.d.ts", "export {};\n");
    assert.equal(
      await play('import "counted"', "(globalThis as any).counted"),
      1,
    );
  });

  test("import = require, default of a CommonJS module, all of it", async () => {
    assert.equal(
      await play(
        'import path = require("node:path"); import fs from "node:fs"; import * as os from "node:os"; [typeof path.join, typeof fs.statSync, typeof os.cpus].join()',
      ),
      "function,function,function",
    );
  });

  test("a package installed after an import of it has failed is found", async () => {
    await compiler.reset();
    assert.deepEqual(await codes('import { late } from "late"'), [2307]);
    write(
      "node_modules/late/package.json",
      '{"name":"late","types":"index.d.ts"}',
    );
    write("node_modules/late/index.d.ts", "export const late: number;\n");
    assert.deepEqual(
      await codes('import { late } from "late"; late.toFixed()'),
      [],
    );
  });

  test("a file that has changed is read again when it is imported again", async () => {
    await compiler.reset();
    const cell = 'import { size } from "./helper"; const n: number = size;';
    assert.deepEqual(await codes(cell), []);
    write("helper.ts", 'export const size = "large";\n');
    utimesSync(
      join(folder, "helper.ts"),
      new Date(),
      new Date(Date.now() + 5000),
    );
    assert.deepEqual(await codes(cell), [2322]);
  });

  test("an error in a file beside the notebook is told", async () => {
    write("broken.ts", "export const a: string = 1;\n");
    const { diagnostics = [] } = await compiler.compile(
      'import { a } from "./broken"; a',
    );
    assert.match(diagnostics[0]?.file ?? "", /broken\.ts$/);
    assert.equal(diagnostics[0]?.code, 2322);
  });

  test("an augmentation holds from its cell on, and not if its cell is wrong", async () => {
    await compiler.reset();
    const notebook = new Notebook();
    const add = "declare global { interface Array<T> { second(): T } }";
    assert.notDeepEqual(await codes(`${add}\nnowhere`), []);
    assert.deepEqual(await codes("[1].second()"), [2339]);
    await notebook.compile(add);
    assert.deepEqual(await codes("[1].second().toFixed()"), []);
    await notebook.compile('import { sep } from "node:path"');
    assert.deepEqual(await codes("[1].second().toFixed() + sep"), []);
  });
});

describe("what is told", () => {
  test("suggestions, however many errors there were before", async () => {
    await compiler.reset();
    await new Notebook().compile("const length = 1;");
    for (let i = 0; i < 15; i += 1) {
      const { diagnostics } = await compiler.compile("lenght");
      assert.match(diagnostics![0]!.message, /Did you mean 'length'\?/);
    }
  });
});
