/**
 * Tests that the declarations of a project apply to cells: declaration files, type packages and
 * reference comments.
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
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import { compilerSettings } from "../../kernel/compiler/settings";

type Files = Readonly<Record<string, string | object>>;

const base = mkdtempSync(join(tmpdir(), "convnotes-declarations-"));
after(() => rmSync(base, { recursive: true }));
let projects = 0;
let changes = 0;

/** A project with a compiler for its notebooks. */
class Project {
  readonly compiler: CheckedCompiler;
  readonly #folder: string;

  constructor(files: Files) {
    projects += 1;
    this.#folder = join(base, `project${projects}`);
    this.write({ "package.json": {}, ...files });
    this.compiler = new CheckedCompiler(
      compilerSettings("checked", this.#folder),
    );
  }

  /** Writes files, each with a new modification time. */
  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.#folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(
        path,
        typeof content === "string" ? content : JSON.stringify(content),
      );
      changes += 1;
      utimesSync(path, changes, changes);
      utimesSync(dirname(path), changes, changes);
    }
  }

  /** Compiles a cell and returns its error codes. A cell without errors is committed. */
  async check(source: string): Promise<number[]> {
    const { cell, diagnostics = [] } = await this.compiler.compile(source);
    if (cell) await this.compiler.commit();
    return diagnostics.map(({ code }) => code);
  }
}

describe("declaration files", () => {
  test("included by tsconfig.json apply, with globals and modules", async () => {
    const project = new Project({
      "tsconfig.json": {},
      "globals.d.ts": "interface Settings { depth: number }",
      "types/untyped.d.ts":
        'declare module "untyped" { export function twice(n: number): number; }\ndeclare module "anything";',
      "node_modules/untyped/package.json": { name: "untyped" },
      "node_modules/untyped/index.js": "exports.twice = (n) => 2 * n;",
      "node_modules/anything/package.json": { name: "anything" },
      "node_modules/anything/index.js": "",
    });
    const check = (cell: string) => project.check(cell);
    assert.deepEqual(await check("const s: Settings = { depth: 1 };"), []);
    assert.deepEqual(await check("const t: Settings = {};"), [2741]);
    assert.deepEqual(
      await check('import { twice } from "untyped"; twice(2)'),
      [],
    );
    assert.deepEqual(
      await check('import { twice as f } from "untyped"; f("a")'),
      [2345],
    );
    assert.deepEqual(await check('import { x } from "anything"; x.y'), []);
  });

  test("not included by it do not apply", async () => {
    const project = new Project({
      "tsconfig.json": { include: ["src"] },
      "globals.d.ts": "interface Settings { depth: number }",
      "src/more.d.ts": "interface More { a: 1 }",
    });
    assert.deepEqual(await project.check("let s: Settings;"), [2304]);
    assert.deepEqual(await project.check("let m: More;"), []);
  });

  test("that were changed or added, and another configuration, apply from the next cell on", async () => {
    const project = new Project({
      "tsconfig.json": { compilerOptions: { noImplicitAny: false } },
      "globals.d.ts": "interface Settings { depth: number }",
    });
    assert.deepEqual(
      await project.check("let s: Settings = { depth: 1 };"),
      [],
    );
    project.write({ "globals.d.ts": "interface Settings { depth: string }" });
    assert.deepEqual(
      await project.check("let t: Settings = { depth: 1 };"),
      [2322],
    );
    project.write({ "added.d.ts": "interface Added { a: 1 }" });
    assert.deepEqual(
      await project.check('import "node:fs"; let added: Added = { a: 1 };'),
      [],
    );
    const loose = "function f(x) { return x; }";
    assert.deepEqual(await project.check(loose), []);
    project.write({ "tsconfig.json": { compilerOptions: { strict: true } } });
    assert.deepEqual(await project.check(loose), [7006]);
    assert.deepEqual(await project.check("let again: Settings, b: Added;"), []);
  });

  test("are suggested for a module declaration in a cell", async () => {
    const project = new Project({});
    for (const source of [
      'declare module "untyped" { export const a: number; }',
      'declare module "untyped";',
    ]) {
      const { diagnostics } = await project.compiler.compile(source);
      assert.equal(diagnostics?.length, 1);
      assert.match(diagnostics[0]!.message, /\.d\.ts file.*tsconfig\.json/);
    }
  });
});

test("the packages of typeRoots apply without being listed", async () => {
  const project = new Project({
    "tsconfig.json": { compilerOptions: { typeRoots: ["typings"] } },
    "typings/one/index.d.ts": "declare const ONE: 1;",
  });
  assert.deepEqual(await project.check("const one: 1 = ONE;"), []);
});

describe("reference comments", () => {
  const files = {
    "local.d.ts": "interface Local { a: 1 }",
    "node_modules/@types/extra/package.json": { name: "@types/extra" },
    "node_modules/@types/extra/index.d.ts": "declare function extra(): void;",
  };

  test("include files, packages and libraries, also for later cells", async () => {
    const project = new Project(files);
    assert.deepEqual(await project.check("let l: Local;"), [2304]);
    assert.deepEqual(
      await project.check(
        '/// <reference path="./local.d.ts" />\nlet l: Local;',
      ),
      [],
    );
    assert.deepEqual(await project.check("let later: Local;"), []);
    assert.deepEqual(
      await project.check('/// <reference types="extra" />\nextra();'),
      [],
    );
    assert.deepEqual(
      await project.check('/// <reference lib="dom" />\nlet d: Document;'),
      [],
    );
    await project.compiler.reset();
    assert.deepEqual(await project.check("let gone: Local;"), [2304]);
  });

  test("that cannot be resolved are errors until they can", async () => {
    const project = new Project(files);
    const named = '/// <reference path="./later.d.ts" />\nlet l: Later;';
    assert.deepEqual(await project.check(named), [6053, 2304]);
    project.write({ "later.d.ts": "interface Later { a: 1 }" });
    assert.deepEqual(await project.check(named), []);
    assert.deepEqual(
      await project.check('/// <reference types="no" />'),
      [2688],
    );
    assert.deepEqual(await project.check('/// <reference lib="no" />'), [2726]);
  });
});
