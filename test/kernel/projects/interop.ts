/**
 * Projects about ES modules that import CommonJS packages: default exports and named exports.
 */
import { type Project, packageOf, strict } from "./project";

/** A CommonJS package compiled from an ES module. */
const compiled = {
  "node_modules/compiled/package.json": { name: "compiled", main: "index.js" },
  "node_modules/compiled/index.js":
    '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.default = function compiled() { return "compiled"; };\nexports.extra = 1;\n',
  "node_modules/compiled/index.d.ts":
    "export default function compiled(): string;\nexport declare const extra: number;\n",
};

/** CommonJS packages that export a single function or object. */
const whole = {
  "node_modules/fn/package.json": { name: "fn", main: "./fn.js" },
  "node_modules/fn/fn.js":
    "module.exports = function fn(n) { return n + 1; };\nmodule.exports.version = 3;\n",
  "node_modules/fn/fn.d.ts":
    "declare function fn(n: number): number;\ndeclare namespace fn { const version: number; interface Options { a: number } }\nexport = fn;\n",
  "node_modules/plain/package.json": {
    name: "plain",
    main: "lib/plain.js",
    types: "types/plain.d.ts",
  },
  "node_modules/plain/lib/plain.js":
    "exports.a = 1;\nexports.deep = { b: 2 };\nexports[['com', 'puted'].join('')] = 4;\n",
  "node_modules/plain/types/plain.d.ts":
    "export declare const a: number;\nexport declare const deep: { b: number };\nexport declare const computed: number;\n",
};

/** All projects of this file. */
export const interop: readonly Project[] = [
  {
    name: "interop: a compiled package's default, nodenext",
    files: {
      ...compiled,
      ...strict("nodenext"),
      ...packageOf("module"),
      "helper.ts":
        'import compiled, { extra } from "compiled";\nexport const all: unknown[] = [compiled.default(), extra];\n',
      "old.cts":
        'import compiled, { extra } from "compiled";\nexport const all: unknown[] = [compiled(), extra];\n',
    },
    cells: [
      'import compiled, { extra } from "compiled";\nimport { all } from "./helper.js";\nimport { all as old } from "./old.cjs";',
      "[compiled.default(), extra, all, old]",
    ],
  },
  {
    name: "interop: a compiled package's default, bundler",
    files: {
      ...compiled,
      ...strict("esnext", { moduleResolution: "bundler" }),
      "helper.ts":
        'import compiled, { extra } from "compiled";\nexport const all: unknown[] = [compiled(), extra];\n',
    },
    entry: "ts",
    runner: "esbuild",
    cells: [
      'import compiled, { extra } from "compiled";\nimport { all } from "./helper";\n[compiled(), extra, all]',
    ],
  },
  {
    name: "interop: packages with export = and with plain names, nodenext",
    files: {
      ...whole,
      ...strict("nodenext"),
      ...packageOf("module"),
      "helper.ts":
        'import fn from "fn";\nimport plain, { a, deep } from "plain";\nimport * as all from "plain";\nexport const options: fn.Options = { a: fn(1) };\nexport const parts: unknown[] = [a, deep.b, plain.computed, all.a];\n',
    },
    cells: [
      'import fn, { version } from "fn";\nimport plain, { a } from "plain";\nimport { options, parts } from "./helper.js";',
      "[fn(1), fn.version, version, plain.computed, a, options, parts]",
    ],
  },
  {
    name: "interop: packages with export = without esModuleInterop, commonjs",
    files: {
      ...whole,
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: false,
        allowSyntheticDefaultImports: false,
      }),
      "helper.ts":
        'import * as fn from "fn";\nimport old = require("fn");\nexport const n: number = fn(1) + old(2);\n',
    },
    entry: "ts",
    cells: [
      'import { n } from "./helper";\nimport * as plain from "plain";\n[n, plain.a, plain.computed]',
    ],
  },
  {
    name: "interop: module preserve, with both kinds of import",
    files: {
      ...whole,
      ...strict("preserve"),
      "helper.ts":
        'import fn from "fn";\nimport { a } from "plain";\nexport const n: number = fn(a);\n',
      "old.cts":
        'import fn = require("fn");\nexport const version = fn.version;\n',
    },
    runner: "esbuild",
    entry: "ts",
    cells: [
      'import { n } from "./helper";\nimport { version } from "./old.cjs";\nimport fn from "fn";\n[n, version, fn(3)]',
    ],
  },
  {
    name: "interop: built-in modules in every form",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "helper.ts":
        'import fs, { existsSync } from "fs";\nimport * as path from "node:path";\nimport { readFile as read } from "fs/promises";\nimport EventEmitter from "node:events";\nexport const all: unknown[] = [fs.existsSync === existsSync, path.posix.join("a", "b"), read.name, new EventEmitter() instanceof (await import("events")).EventEmitter];\n',
    },
    cells: [
      'import fs, { existsSync } from "fs";\nimport EventEmitter, { once } from "events";\nimport { all } from "./helper.js";\nimport assert from "node:assert/strict";',
      "assert.equal(1, 1);\n[fs.existsSync === existsSync, EventEmitter.once === once, all]",
    ],
  },
];
