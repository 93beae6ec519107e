/** Cells with modules and asynchronous code. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import { ES_MODULE, FOLLOWS, IMPORT_ASSIGNMENT } from "./reasons";

/** The files next to the notebooks, with their contents. */
export const files: Readonly<Record<string, string>> = {
  "helper.ts":
    "export const size = 2;\nexport default function double(n: number): number { return n * size; }\nexport interface Shape { sides: number }\nexport let calls = 0;\nexport const call = () => { calls += 1; };\n",
  "broken.ts": "export const a: string = 1;\n",
  "data.json": '{ "rows": [1, 2, 3], "title": "numbers" }\n',
  "node_modules/only-esm/package.json":
    '{"name":"only-esm","type":"module","exports":{".":{"types":"./index.d.ts","import":"./index.js"}}}',
  "node_modules/only-esm/index.d.ts":
    "export declare const answer: number;\ndeclare const text: string;\nexport default text;\n",
  "node_modules/only-esm/index.js":
    'export const answer = await Promise.resolve(42);\nexport default "whole";\n',
  "node_modules/common/package.json": '{"name":"common","types":"index.d.ts"}',
  "node_modules/common/index.d.ts":
    "declare function common(n: number): number;\ndeclare namespace common { const version: string; }\nexport = common;\n",
  "node_modules/common/index.js":
    "module.exports = (n) => n + 1;\nmodule.exports.version = '3';\n",
  "node_modules/untyped/package.json": '{"name":"untyped"}',
  "node_modules/untyped/index.js": "exports.a = 1;\n",
  "node_modules/deep/package.json":
    '{"name":"deep","exports":{"./part":{"types":"./lib/part.d.ts","default":"./lib/part.js"}}}',
  "node_modules/deep/lib/part.d.ts": "export declare const part: number;\n",
  "node_modules/deep/lib/part.js": "exports.part = 6;\n",
};

export const modules: Topic = {
  title: "Modules",
  notebooks: [
    notebook(
      "a named import",
      ['import { join } from "node:path"; join("a", "b")', "'a/b'"],
      ['join("c", "d")', "'c/d'"],
    ),
    notebook(
      "a default import",
      ['import path from "node:path"', nothing],
      ["path.sep", "'/'"],
    ),
    notebook(
      "a namespace import",
      ['import * as path from "node:path"', nothing],
      ["path.sep", "'/'"],
    ),
    notebook(
      "a renamed import",
      ['import { sep as s, delimiter as default_ } from "node:path"', nothing],
      ["s + default_", "'/:'"],
      ["sep", wrong("2304 1:1")],
    ),
    notebook("an import without node:", [
      'import { sep } from "path"; sep',
      "'/'",
    ]),
    notebook("an import after its use", [
      'sep.length; import { sep } from "node:path"; sep',
      "'/'",
      tslab(
        throws("ReferenceError"),
        "tslab requires a module at the position of the import; an ES module loads it first.",
      ),
    ]),
    notebook("import = require", [
      'import path = require("node:path"); path.sep',
      "'/'",
      tslab(wrong("1202 1:1"), IMPORT_ASSIGNMENT),
    ]),
    notebook("require", [
      'const path = require("node:path") as typeof import("node:path"); path.sep',
      "'/'",
    ]),
    notebook(
      "import()",
      ['const m = await import("node:path"); m.sep', "'/'"],
      ['const { default: path } = await import("node:path"); path.sep', "'/'"],
      ['await import("./nowhere.js" as string)', throws("Error")],
    ),
    notebook(
      "type-only imports",
      [
        'import type { Server } from "node:http"; import { type Socket, isIP } from "node:net"; let s: Server | Socket | undefined; isIP("::1")',
        "6",
      ],
      ["new Server()", wrong("1361 1:5")],
    ),
    notebook("for its effects alone", ['import "node:path"', nothing]),
    notebook(
      "missing modules",
      ['import { a } from "no-such-module"', wrong("2307 1:19")],
      ['import { nope } from "node:path"', wrong("2305 1:10")],
    ),
    notebook(
      "a package with only ES modules",
      [
        'import text, { answer } from "only-esm"',
        nothing,
        tslab(throws("Error"), ES_MODULE),
      ],
      [
        "answer.toFixed(0) + text.length",
        "'425'",
        tslab(throws("TypeError"), FOLLOWS),
      ],
      ['import { nothing } from "only-esm"', wrong("2614 1:10")],
      [
        'const { answer: again } = await import("only-esm"); again',
        "42",
        tslab(throws("Error"), ES_MODULE),
      ],
    ),
    notebook(
      "a CommonJS module that is a function",
      ['import common from "common"', nothing],
      ["common(1) + common.version", "'23'"],
      ['import * as all from "common"; all.version', "'3'"],
      [
        'import same = require("common"); same(4)',
        "5",
        tslab(wrong("1202 1:1"), IMPORT_ASSIGNMENT),
      ],
      ["common('x')", wrong("2345 1:8")],
    ),
    notebook("a package without types", [
      'import { a } from "untyped"',
      wrong("7016 1:19"),
    ]),
    notebook("a part of a package, by its exports", [
      'import { part } from "deep/part"; part',
      "6",
      tslab(
        wrong("2307 1:22"),
        "tslab resolves modules like Node 10, by file and without the `exports` of a package.",
      ),
    ]),
    notebook(
      "a file next to the notebook",
      ['import double, { size, type Shape } from "./helper"', nothing],
      ["const s: Shape = { sides: double(size) }; s", "{ sides: 4 }"],
      [
        'import * as helper from "./helper"; helper.call(); helper.calls > 0',
        "true",
      ],
      ["double('x')", wrong("2345 1:8")],
    ),
    notebook("a file next to the notebook, with its extension", [
      'import { size } from "./helper.ts"; size',
      "2",
      tslab(
        wrong("5097 1:22"),
        "tslab does not allow the extension `.ts` in an import.",
      ),
    ]),
    notebook("a file with an error", [
      'import { a } from "./broken"; a',
      wrong("2322 1:14"),
    ]),
    notebook(
      "JSON",
      ['import data from "./data.json"', nothing],
      ["data.rows.length + data.title", "'3numbers'"],
      ["data.rows.length.foo", wrong("2339 1:18")],
    ),
    notebook("JSON with an attribute", [
      'import data from "./data.json" with { type: "json" }; data.title',
      "'numbers'",
      tslab(
        wrong("1005 1:32", "1005 1:37", "1005 1:53"),
        "tslab is built on TypeScript 5.0, and import attributes were added in 5.3.",
      ),
    ]),
    notebook(
      "an export of another module",
      ['export { sep } from "node:path"', nothing],
      ["typeof sep", wrong("2304 1:8")],
    ),
    notebook("an import in a block", [
      '{ import fs from "node:fs"; }',
      wrong("1232 1:3"),
    ]),
  ],
};

export const asynchronous: Topic = {
  title: "Asynchronous code",
  notebooks: [
    notebook(
      "await",
      ["const a = await Promise.resolve(1);", nothing],
      ["a", "1"],
      ["await Promise.resolve(2)", "2"],
      ["await 3", "3"],
    ),
    notebook(
      "in expressions",
      ["const f = async (n: number) => n * 2;", nothing],
      ["(await f(1)) + (await f(2))", "6"],
      ["`${await f(3)}`", "'6'"],
      ["[await f(1), ...(await Promise.all([f(2), f(3)]))]", "[ 2, 4, 6 ]"],
    ),
    notebook(
      "in statements",
      [
        "let s = 0; if (await Promise.resolve(true)) s += await Promise.resolve(5);",
        nothing,
      ],
      ["for (const n of await Promise.resolve([1, 2])) s += n; s", "8"],
      ["while (await Promise.resolve(s > 6)) s--; s", "6"],
    ),
    notebook("in destructuring and defaults", [
      "const { a = await Promise.resolve(4), b } = await Promise.resolve({ b: 1 } as { a?: number; b: number }); [a, b]",
      "[ 4, 1 ]",
    ]),
    notebook(
      "for await",
      [
        "let s = 0; for await (const n of [1, Promise.resolve(2)]) s += n; s",
        "3",
      ],
      ["async function* g() { yield 1; yield 2; }", nothing],
      ["for await (const n of g()) s += n; s", "6"],
      ["for await (s of g()); s", "2"],
    ),
    notebook("for await in an async function alone", [
      "async function f() { for await (const n of [1]) return n; } const p = f(); typeof p.then",
      "'function'",
    ]),
    notebook(
      "in a nested function does not make the cell async",
      ["const f = async () => await 1; typeof f", "'function'"],
      [
        "const o = { async m() { return await 2; } }; class A { f = async () => await 3; }",
        nothing,
      ],
      ["[await o.m(), await new A().f()]", "[ 2, 3 ]"],
      ["function g() { await 1; }", wrong("1308 1:16")],
    ),
    notebook(
      "a rejected promise",
      ["await Promise.reject(new RangeError('r'))", throws("RangeError")],
      ["try { await Promise.reject(1); } catch (e) { e = 2; }", nothing],
      ["await Promise.reject(7)", throws("Thrown value")],
    ),
    notebook(
      "variables set after an await",
      ["let n = 1; const wait = async () => { await null; n += 1; };", nothing],
      ["const p = wait(); n", "1"],
      ["await p; n", "2"],
    ),
    notebook("a function that is used before the await", [
      "const r = late(); await r; async function late() { return 'l'; } await r",
      "'l'",
    ]),
    notebook(
      "Promise's own functions",
      [
        "await Promise.allSettled([Promise.reject(1), 2])",
        "[\n  { status: 'rejected', reason: 1 },\n  { status: 'fulfilled', value: 2 }\n]",
      ],
      ["await Promise.any([Promise.reject(1)])", throws("AggregateError")],
    ),
    notebook(
      "async generators and iterators",
      [
        "class S { async *[Symbol.asyncIterator]() { yield* [1, 2]; } }",
        nothing,
      ],
      [
        "const seen: number[] = []; for await (const n of new S()) seen.push(n); seen",
        "[ 1, 2 ]",
      ],
    ),
    notebook(
      "a thenable",
      ["const t = { then(done: (n: number) => void) { done(9); } };", nothing],
      ["await t", "9"],
    ),
    notebook(
      "await in a class heritage clause",
      ["class Base { n = 1 } const base = async () => Base;", nothing],
      [
        "class D extends (await base()) { [await Promise.resolve('k')]() { return 2; } } new D()",
        "D { n: 1 }",
        tslab(
          wrong("1308 1:18", "1308 1:35"),
          "tslab does not make a cell asynchronous for an `await` in the heritage clause or a member name of a class.",
        ),
      ],
    ),
  ],
};
