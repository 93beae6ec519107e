/**
 * Tests the features of the checked compiler that tslab's converter does not have.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import vm from "node:vm";
import { compilerSettings } from "../../kernel/compiler/settings";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import type { CompiledCell } from "../../kernel/compiler/compiler";
import { importedValue } from "../../kernel/runtime/loader";
import { createModules } from "../../kernel/runtime/modules";
import { createStopFlag } from "../../kernel/runtime/stop-flag";

/** A folder for notebooks with its own modules. */
const folder = mkdtempSync(join(tmpdir(), "convnotes-cells-"));
const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
let compiler: CheckedCompiler;
const { loader, require: cellRequire } = createModules({
  notebookFolder: folder,
  projectFolder: folder,
  provided: {},
  mapped: () => undefined,
  loaded: () => undefined,
});

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
  compiler = new CheckedCompiler(compilerSettings("checked", folder));
});
after(() => rmSync(folder, { recursive: true }));

/** A notebook whose cells run one after the other. */
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
    for (const { module, target, names } of cell.imports ?? []) {
      const loaded = await loader.load(module, target);
      for (const name of names) {
        this.variables[name.slot] = importedValue(loaded, name, false);
      }
    }
    const main = vm.runInThisContext(cell.javascript) as (
      ...parameters: unknown[]
    ) => unknown;
    await main(
      this.variables,
      cellRequire,
      (name: string) => loader.importModule(name, cell.imported?.[name]),
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

describe("a redeclared name", () => {
  const define = "function twice(n: number) { return 2 * n; }";
  const use = "const four = () => twice(2);";
  test("is used by functions of earlier cells if its type is compatible", async () => {
    const fixed = "function twice(n: number) { return n + n + 1; }";
    assert.equal(await play(define, use, fixed, "four()"), 5);
    const variable = "const rate: number = 1; const read = () => rate;";
    assert.equal(await play(variable, "const rate: number = 2;", "read()"), 2);
    const classes = ["class A { a = 1 }", "const make = () => new A().a;"];
    assert.equal(await play(...classes, "class A { a = 7 }", "make()"), 7);
  });

  test("does not affect functions of earlier cells otherwise", async () => {
    const other = "function twice(s: string) { return s + s; }";
    assert.equal(await play(define, use, other, "four()"), 4);
    assert.equal(await play(define, use, other, "twice('a')"), "aa");
    const anything = "let n: any = 'text';";
    const cells = ["let n = 1; const read = () => n.toFixed(1);", anything];
    assert.equal(await play(...cells, "read()"), "1.0");
  });

  test("may be a type in one cell and a value in another", async () => {
    const cells = ["interface Shape { sides: number }", "const Shape = 4;"];
    const both = "const square: Shape = { sides: Shape }; square.sides";
    assert.equal(await play(...cells, both), 4);
    assert.deepEqual(await codes("const s: Shape = { corners: 4 }"), [2353]);
  });

  test("keeps its slot after a thousand redeclarations", async () => {
    await compiler.reset();
    const notebook = new Notebook();
    for (let i = 0; i < 1000; i += 1) await notebook.compile("let n = 1; n");
    const { javascript } = await notebook.compile("n");
    assert.match(javascript, /ºcells\.n;|ºcells\.n\)/);
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

  test("a module imported only for its types is not loaded", async () => {
    await play(
      'import type { Server } from "node:http"; import { type Socket } from "node:net"; let s: Server | Socket | undefined;',
    );
    await compiler.reset();
    const { imports } = await new Notebook().compile(
      'import { PathLike } from "node:fs"; let s: PathLike | undefined;',
    );
    assert.deepEqual(imports, []);
  });

  test("a module imported only for its side effects is loaded", async () => {
    write("node_modules/counted/index.d.ts", "export {};\n");
    assert.equal(
      await play('import "counted"', "(globalThis as any).counted"),
      1,
    );
  });

  test("import = require, default and namespace imports of CommonJS modules", async () => {
    assert.equal(
      await play(
        'import path = require("node:path"); import fs from "node:fs"; import * as os from "node:os"; [typeof path.join, typeof fs.statSync, typeof os.cpus].join()',
      ),
      "function,function,function",
    );
  });

  test("a package installed after a failed import is found", async () => {
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

  test("a changed file is read again when it is imported again", async () => {
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

  test("an error in a file next to the notebook is reported", async () => {
    write("broken.ts", "export const a: string = 1;\n");
    const { diagnostics = [] } = await compiler.compile(
      'import { a } from "./broken"; a',
    );
    assert.match(diagnostics[0]?.file ?? "", /broken\.ts$/);
    assert.equal(diagnostics[0]?.code, 2322);
  });

  test("an augmentation applies from its cell on, unless its cell has an error", async () => {
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

describe("diagnostics", () => {
  test("include suggestions after any number of errors", async () => {
    await compiler.reset();
    await new Notebook().compile("const length = 1;");
    for (let i = 0; i < 15; i += 1) {
      const { diagnostics } = await compiler.compile("lenght");
      assert.match(diagnostics![0]!.message, /Did you mean 'length'\?/);
    }
  });
});
