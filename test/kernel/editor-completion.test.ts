/**
 * Tests completion by the checked compiler: kinds, signatures, module specifiers, and the replaced
 * range.
 *
 * The mark "¦" stands for the cursor. `editor.test.ts` tests completion through a kernel's sockets,
 * with offsets in code points.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Compiler, CompletionEntry } from "../../kernel/compiler/compiler";
import { createCompiler } from "../../kernel/compiler/create-compiler";
import { compilerSettings } from "../../kernel/compiler/settings";
import { ProjectFolder } from "./project-folder";

const FOLDERS = [
  "shapes",
  "shapes/round",
  ".hidden",
  "node_modules/plain/parts",
  "node_modules/untyped",
  "node_modules/with-exports/dist/blocks",
  "node_modules/@scope/first",
  "node_modules/@scope/second",
];

const FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    dependencies: { untyped: "1" },
    imports: { "#tools": "./shapes/square.ts" },
  }),
  "helper.ts": "export const helped = 1;",
  "table.json": "{}",
  "shapes/square.ts": "export const side = 2;",
  "shapes/round/circle.ts": "export const radius = 1;",
  "node_modules/plain/package.json": '{ "name": "plain" }',
  "node_modules/plain/index.d.ts": "export const plainValue: number;",
  "node_modules/plain/parts/deep.d.ts": "export {};",
  "node_modules/untyped/package.json": '{ "name": "untyped" }',
  "node_modules/untyped/index.js": "",
  "node_modules/with-exports/package.json": JSON.stringify({
    name: "with-exports",
    exports: {
      ".": "./dist/index.js",
      "./feature": "./dist/feature.js",
      "./blocks/*": "./dist/blocks/*.js",
    },
  }),
  "node_modules/with-exports/dist/index.js": "",
  "node_modules/with-exports/dist/feature.js": "",
  "node_modules/with-exports/dist/secret.js": "",
  "node_modules/with-exports/dist/blocks/wall.js": "",
  "node_modules/with-exports/dist/blocks/wall.d.ts": "export {};",
};

describe("completion", () => {
  let folder: ProjectFolder;
  let compiler: Compiler;
  before(() => {
    folder = new ProjectFolder();
    for (const each of FOLDERS) {
      mkdirSync(join(folder.path, each), { recursive: true });
    }
    for (const [name, text] of Object.entries(FILES)) folder.write(name, text);
    compiler = createCompiler(compilerSettings("checked", folder.path));
  });
  after(async () => {
    await compiler?.close();
    folder?.remove();
  });

  async function listAt(marked: string) {
    return compiler.complete(marked.replace("¦", ""), marked.indexOf("¦"));
  }

  async function namesAt(marked: string): Promise<string[]> {
    return (await listAt(marked)).entries.map(({ name }) => name);
  }

  async function entryAt(
    marked: string,
    name: string,
  ): Promise<CompletionEntry> {
    const { entries } = await listAt(marked);
    const entry = entries.find((each) => each.name === name);
    assert.ok(entry, `${name} of ${entries.map((each) => each.name).join()}`);
    return entry;
  }

  /** Returns the text with the first proposal applied. */
  async function takenAt(marked: string): Promise<string> {
    const { start, end, entries } = await listAt(marked);
    const text = marked.replace("¦", "");
    const [entry] = entries;
    assert.ok(entry, marked);
    return text.slice(0, start) + entry.name + text.slice(end);
  }

  async function run(source: string): Promise<void> {
    const { diagnostics } = await compiler.compile(source);
    assert.equal(diagnostics, undefined, JSON.stringify(diagnostics));
    await compiler.commit();
  }

  describe("kinds and signatures", () => {
    for (const [text, name, kind, signature] of [
      ["Math.ro¦", "round", "function", "(x: number): number"],
      ["Math.P¦", "PI", "property", "number"],
      ["const count = 1 + 1; cou¦", "count", "instance", "number"],
      [
        "const f = (a: string) => a; f¦",
        "f",
        "function",
        "(a: string): string",
      ],
      ["function g(n = 1) {} g¦", "g", "function", "(n?: number): void"],
      [
        "class Car { constructor(n: number) {} } Ca¦",
        "Car",
        "class",
        "(n: number): Car",
      ],
      ["AbortSigna¦", "AbortSignal", "class", "(): AbortSignal"],
      ["enum Tone { Low } Ton¦", "Tone", "enum", "typeof Tone"],
      ["enum Tone { Low } Tone.¦", "Low", "property", "Tone.Low"],
      ["interface Shape {} let a: Sha¦", "Shape", "interface", undefined],
      ["type Size = 1; let a: Siz¦", "Size", "type", undefined],
      ["retur¦", "return", "keyword", undefined],
      ['import * as path from "node:path"; pat¦', "path", "module", undefined],
      [
        'import { join } from "node:path"; joi¦',
        "join",
        "function",
        "(...paths: string[]): string",
      ],
      ["(degree: number) => degre¦", "degree", "param", "number"],
    ] as const) {
      test(`${text} offers ${name}, of kind ${kind}`, async () => {
        const entry = await entryAt(text, name);
        assert.equal(entry.kind, kind);
        assert.equal(entry.signature, signature);
      });
    }

    test("overloads are counted", async () => {
      const overloaded =
        "function f(a: string): string; function f(a: number, b?: number): number; function f(a: any) { return a; }";
      const { signature } = await entryAt(`${overloaded} f¦`, "f");
      assert.equal(signature, "(a: string): string (+1 overload)");
    });

    test("only the first hundred entries of a long list have signatures", async () => {
      const { entries } = await listAt("¦");
      assert.ok(entries.length > 150);
      assert.ok(entries[0]?.signature !== undefined);
      assert.ok(
        entries.slice(100).every(({ signature }) => signature === undefined),
      );
    });
  });

  describe("order and selection", () => {
    test("names declared by cells come before global names, keywords last", async () => {
      await run("const zebra = 1;");
      const { entries } = await listAt("const zoo = 1;\n¦");
      const names = entries.map(({ name }) => name);
      assert.deepEqual(names.slice(0, 2).sort(), ["zebra", "zoo"]);
      const firstKeyword = entries.findIndex(({ kind }) => kind === "keyword");
      assert.ok(
        entries.slice(firstKeyword).every(({ kind }) => kind === "keyword"),
      );
    });

    test("members of the values of earlier cells", async () => {
      await run("const pair = { left: 1, right: { inner: 'a' } };");
      assert.deepEqual(await namesAt("pair.right.¦"), ["inner"]);
      assert.deepEqual(await namesAt("pair.right.inner.toUpperC¦"), [
        "toUpperCase",
      ]);
    });

    test("no duplicate names", async () => {
      for (const text of ["¦", "''.¦", 'import "¦"']) {
        const names = await namesAt(text);
        assert.equal(new Set(names).size, names.length, text);
      }
    });

    test("case matters unless nothing else matches", async () => {
      assert.deepEqual(await namesAt("const other = 1, Other = 2; oth¦"), [
        "other",
      ]);
      assert.deepEqual(await namesAt("math.¦"), []);
      assert.deepEqual(await namesAt("mat¦"), ["Math"]);
      assert.deepEqual(await namesAt("Math.SQ¦"), ["SQRT1_2", "SQRT2"]);
    });

    test("in cells with unclosed brackets", async () => {
      assert.deepEqual(
        await namesAt("if (true) { [1].map((each) => Math.sq¦"),
        ["sqrt"],
      );
      assert.deepEqual(
        await namesAt("function f(argument: Date) { return argument.getFullY¦"),
        ["getFullYear"],
      );
    });

    test("properties that an object literal lacks", async () => {
      const declared = "const box: { alpha: number; beta?: string } = ";
      assert.deepEqual(await namesAt(`${declared}{ ¦ };`), ["alpha", "beta"]);
      assert.deepEqual(await namesAt(`${declared}{ alpha: 1, ¦`), ["beta"]);
    });

    test("private names", async () => {
      assert.equal(
        await takenAt("class A { #secret = 1; f() { this.#se¦ } }"),
        "class A { #secret = 1; f() { this.#secret } }",
      );
    });

    test("nothing in comments, numbers and names at their declaration", async () => {
      for (const text of [
        "// Mat¦",
        "/* Mat¦ */",
        "12.¦",
        "const Mat¦",
        "'Mat¦'",
      ]) {
        assert.deepEqual(await namesAt(text), [], text);
      }
    });
  });

  describe("replaced ranges", () => {
    for (const [text, taken] of [
      ["Math.sq¦rt(4)", "Math.sqrt(4)"],
      ["Math.sq¦(4)", "Math.sqrt(4)"],
      [
        "const maybe = Math.random() > 2 ? { only: 1 } : undefined; maybe.¦",
        "const maybe = Math.random() > 2 ? { only: 1 } : undefined; maybe?.only",
      ],
      [
        "const maybe = Math.random() > 2 ? { only: 1 } : undefined; maybe.on¦",
        "const maybe = Math.random() > 2 ? { only: 1 } : undefined; maybe?.only",
      ],
      [
        "const maybe = Math.random() > 2 ? { only: 1 } : undefined; maybe?.o¦",
        "const maybe = Math.random() > 2 ? { only: 1 } : undefined; maybe?.only",
      ],
      [
        'const odd = { "a b": 1 }; odd.¦',
        'const odd = { "a b": 1 }; odd["a b"]',
      ],
      [
        'const odd = { "a b": 1, plain: 2 }; odd.¦',
        'const odd = { "a b": 1, plain: 2 }; odd.plain',
      ],
      [
        'const odd = { "a b": 1 }; odd["¦"]',
        'const odd = { "a b": 1 }; odd["a b"]',
      ],
      [
        'let tone: "low" | "high" = "h¦igh";',
        'let tone: "low" | "high" = "high";',
      ],
      ['let tone: "low" | "high" = "l¦', 'let tone: "low" | "high" = "low'],
      [
        "let tone: 'two words' | 'x' = 'two w¦';",
        "let tone: 'two words' | 'x' = 'two words';",
      ],
      ['import "./hel¦"', 'import "./helper"'],
      ['import "./hel¦per"', 'import "./helper"'],
      ['import "./shapes/ro¦und/circle"', 'import "./shapes/round/circle"'],
      ['import "./shapes/round/ci¦', 'import "./shapes/round/circle'],
      ['import "node:fs/pro¦"', 'import "node:fs/promises"'],
      ['import "@scope/fi¦"', 'import "@scope/first"'],
      ['import "with-exports/fea¦"', 'import "with-exports/feature"'],
    ] as const) {
      test(`${text} becomes ${taken}`, async () => {
        assert.equal(await takenAt(text), taken);
      });
    }
  });

  describe("module specifiers", () => {
    for (const [text, names] of [
      [
        'import { helped } from "./¦"',
        ["helper", "package.json", "table.json", "tsconfig.json", "shapes"],
      ],
      ['import "./shapes/¦"', ["square", "round"]],
      ['export * from "./he¦"', ["helper"]],
      ['await import("./he¦")', ["helper"]],
      ['require("./he¦")', ["helper"]],
      ['type Helper = typeof import("./he¦")', ["helper"]],
      ['import "./.hid¦"', [".hidden"]],
      ['import "node:f¦"', ["node:fs", "node:fs/promises"]],
      ['import "plai¦"', ["plain"]],
      ['import "untyp¦"', ["untyped"]],
      ['import "@sco¦"', ["@scope"]],
      ['import "@scope/¦"', ["first", "second"]],
      ['import "plain/¦"', ["index", "package.json", "parts"]],
      ['import "plain/parts/¦"', ["deep"]],
      ['import "with-exports/¦"', ["feature", "blocks"]],
      ['import "with-exports/blocks/¦"', ["wall"]],
      ['import "#to¦"', ["#tools"]],
      ['import "no-such-thing¦"', []],
    ] as const) {
      test(`${text} offers ${names.join(", ") || "nothing"}`, async () => {
        assert.deepEqual((await namesAt(text)).sort(), [...names].sort());
      });
    }

    test("from parent folders as well, in addition to built-in modules", async () => {
      const names = await namesAt('import "¦"');
      for (const name of [
        "typescript",
        "convnotes",
        "plain",
        "fs",
        "node:os",
      ]) {
        assert.ok(names.includes(name), name);
      }
      assert.ok(!names.some((name) => name.startsWith(".")));
    });

    test("packages and files have the kind module, folders the kind path", async () => {
      assert.equal((await entryAt('import "plai¦"', "plain")).kind, "module");
      assert.equal(
        (await entryAt('import "@scope/¦"', "first")).kind,
        "module",
      );
      assert.equal((await entryAt('import "./¦"', "helper")).kind, "module");
      assert.equal((await entryAt('import "./¦"', "shapes")).kind, "path");
      assert.equal((await entryAt('import "@¦"', "@scope")).kind, "path");
    });
  });
});
