/**
 * Projects about module formats, ES modules and CommonJS: `import.meta`, top-level await,
 * `require`.
 */
import { type Project, packageOf, strict } from "./project";

const esModules: readonly Project[] = [
  {
    name: "ES modules: import.meta in helpers, without a configuration",
    files: {
      "deep/h.ts":
        'import { basename } from "node:path";\nimport { readFileSync } from "node:fs";\nexport const here: string = import.meta.url.split("/").slice(-2)[0] ?? "";\nexport const folder: string = basename(import.meta.dirname);\nexport const file: boolean = import.meta.filename.startsWith(import.meta.dirname);\nexport const text: string = readFileSync(new URL("x.txt", import.meta.url), "utf8");\nexport const other: string = import.meta.resolve("./x.txt").slice(-10);\n',
      "deep/x.txt": "told",
    },
    cells: [
      'import { here, folder, file, text, other } from "./deep/h.js";\n[here, folder, file, text, other, import.meta.resolve("./x.txt") === new URL("x.txt", import.meta.url).href]',
    ],
  },
  {
    name: "ES modules: import.meta.resolve of packages, built-ins and names of the package's own",
    files: {
      ...strict("nodenext"),
      ...packageOf("module", { imports: { "#own.txt": "./src/data.txt" } }),
      "src/data.txt": "",
      "node_modules/two/package.json": {
        name: "two",
        exports: { import: "./i.mjs", require: "./r.cjs" },
      },
      "node_modules/two/i.mjs": "export {};\n",
      "node_modules/two/r.cjs": "",
      "src/helper.ts":
        'const short = (name: string): string => import.meta.resolve(name).split("/").slice(-2).join("/");\nexport const all: string[] = ["two", "node:fs", "./data.txt", "#own.txt"].map(short);\n',
    },
    folder: "notebooks",
    cells: [
      'import { all } from "../src/helper.js";\nconst here = import.meta.resolve("two").split("/").slice(-2).join("/");\n[all, here, import.meta.resolve("fs")]',
    ],
  },
  {
    name: "ES modules: await at the top level, direct and deep",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "direct.ts": "export const v: number = await Promise.resolve(3);\n",
      "deep.ts": 'export { v } from "./middle.js";\n',
      "middle.ts":
        'import { v as inner } from "./direct.js";\nexport const v: number = inner + 1;\n',
    },
    cells: [
      'import { v } from "./deep.js";\nimport { v as direct } from "./direct.js";\n[v, direct, (await import("./middle.js")).v]',
    ],
  },
  {
    name: "ES modules: await in a computed name, and nowhere else",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "made.ts":
        'export const made: Record<string, () => number> = { [await Promise.resolve("name")]: () => 4 };\n',
    },
    cells: ['import { made } from "./made.js";\nmade.name!()'],
  },
  {
    name: "ES modules: a package with import alone, in a helper",
    files: {
      "node_modules/modern/package.json": {
        name: "modern",
        exports: { ".": { types: "./index.d.mts", import: "./index.mjs" } },
      },
      "node_modules/modern/index.mjs":
        'export const modern = "yes";\nexport default 1;\n',
      "node_modules/modern/index.d.mts":
        "export declare const modern: string;\ndeclare const one: number;\nexport default one;\n",
      "h.ts":
        'import one, { modern } from "modern";\nexport const all: unknown[] = [one, modern];\nexport const later = async (): Promise<string> => (await import("modern")).modern;\n',
      ...strict("nodenext"),
      ...packageOf("module"),
    },
    cells: ['import { all, later } from "./h.js";\n[...all, await later()]'],
  },
  {
    name: "ES modules: import() of literal and computed names, in helpers and in cells",
    files: {
      ...strict("node20"),
      ...packageOf("module"),
      "lessons/one.ts":
        'export const title: string = "one";\nexport default 1;\n',
      "lessons/two.ts":
        'export const title: string = "two";\nexport default 2;\n',
      "load.ts":
        'export const load = (name: string): Promise<{ title: string; default: number }> => import(`./lessons/${name}.js`) as never;\nexport const first = (await import("./lessons/one.js")).default;\n',
    },
    cells: [
      'import { first, load } from "./load.js";\nconst { title, default: two } = await load("two");',
      'const name = "./lessons/" + ["on", "e"].join("") + ".js";\nconst found = (await import(name)) as { title: string };\n[first, title, two, found.title, await load("three").catch((error: NodeJS.ErrnoException) => error.code)]',
    ],
  },
];

const commonJs: readonly Project[] = [
  {
    name: "CommonJS: a package of that type, nodenext",
    files: {
      ...strict("nodenext"),
      ...packageOf("commonjs"),
      "helper.ts":
        'import { basename } from "node:path";\nexport const kinds: string[] = [typeof require, typeof module, typeof exports, basename(__filename).slice(0, 7), basename(__dirname) === basename(require("node:path").dirname(__filename)) ? "same" : "other"];\nexport const strictly = (function (this: unknown): string { return typeof this; })();\n',
      "data.json": { a: [1] },
      "load.ts":
        'import data = require("./data.json");\nexport const a: number[] = data.a;\nexport const loaded: unknown = require("./data.json");\n',
    },
    cells: [
      'import { kinds, strictly } from "./helper.js";\nimport { a, loaded } from "./load.js";\n[kinds, strictly, a, (loaded as { a: unknown }).a === a]',
    ],
  },
  {
    name: "CommonJS: folders with a package.json of their own",
    files: {
      ...strict("node16"),
      ...packageOf("commonjs"),
      "esm/package.json": { type: "module" },
      "cjs/package.json": { type: "commonjs" },
      "esm/h.ts":
        'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\nexport const kind: string = typeof module + typeof require("../cjs/h.js").kind;\n',
      "cjs/h.ts": "export const kind: string = typeof module;\n",
      "h.ts": 'export { kind } from "./cjs/h.js";\n',
    },
    cells: [
      'import { kind as esm } from "./esm/h.js";\nimport { kind as cjs } from "./cjs/h.js";\nimport { kind } from "./h.js";\n[esm, cjs, kind]',
    ],
  },
  {
    name: "CommonJS: export =, import = require, without endings",
    files: {
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
        resolveJsonModule: true,
      }),
      "whole.ts":
        "class Whole { static version = 2; n = 1; }\nnamespace Whole { export const inner = 3; }\nexport = Whole;\n",
      "data.json": { depth: 4 },
      "uses.ts":
        'import Whole = require("./whole");\nimport data from "./data.json";\nimport fs = require("fs");\nexport const n: number = new Whole().n + Whole.inner + data.depth + fs.constants.R_OK;\n',
    },
    entry: "ts",
    cells: [
      'import Whole = require("./whole");\nimport Default from "./whole";\nimport { n } from "./uses";\nimport { depth } from "./data.json";',
      "[new Whole().n, Default.version, Whole === Default, n, depth]",
    ],
  },
  {
    name: "CommonJS: require of an ES module",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "modern.ts":
        "export const n: number = 1;\nexport default class Named {}\nexport let changed = 0;\nexport const change = (): void => { changed += 1; };\n",
      "old.cts":
        'import Named, { n, change, changed } from "./modern.js";\nimport modern = require("./modern.js");\nchange();\nexport const all: unknown[] = [n, Named.name, changed, modern.changed, modern.default === Named];\n',
    },
    cells: [
      'import { all } from "./old.cjs";\nimport { changed } from "./modern.js";\n[all, changed]',
    ],
  },
  {
    name: "CommonJS: createRequire and import = require in an ES module",
    files: {
      ...strict("nodenext", { resolveJsonModule: true }),
      ...packageOf("module"),
      "old.cts":
        "function old(): string { return 'old'; }\nold.part = 1;\nexport = old;\n",
      "data.json": { n: 2 },
      "helper.ts":
        'import { createRequire } from "node:module";\nimport old = require("./old.cjs");\nconst load = createRequire(import.meta.url);\nexport const all: unknown[] = [old(), old.part, load("./old.cjs") === old, (load("./data.json") as { n: number }).n, typeof require];\n',
    },
    cells: [
      'import { all } from "./helper.js";\nimport old from "./old.cjs";\n[all, old(), old.part]',
    ],
  },
];

const json: readonly Project[] = [
  {
    name: "JSON: with an attribute, nodenext",
    files: {
      ...strict("nodenext", { resolveJsonModule: true }),
      ...packageOf("module"),
      "data.json": { n: 1, list: [2] },
      "helper.ts":
        'import data from "./data.json" with { type: "json" };\nexport const n: number = data.n;\nexport { default as passed } from "./data.json" with { type: "json" };\n',
    },
    cells: [
      'import data from "./data.json" with { type: "json" };\nimport { n, passed } from "./helper.js";',
      'const later = await import("./data.json", { with: { type: "json" } });\n[data.list, n, passed === data, later.default === data, Object.keys(later)]',
    ],
  },
  {
    name: "JSON: without an attribute, bundler",
    files: {
      ...strict("esnext", {
        moduleResolution: "bundler",
        resolveJsonModule: true,
      }),
      "data.json": { n: 1, list: [2] },
      "helper.ts":
        'import data, { n } from "./data.json";\nimport * as all from "./data.json";\nexport const same: unknown[] = [data.n, n, all.list];\n',
    },
    runner: "esbuild",
    cells: [
      'import { list } from "./data.json";\nimport data from "./data.json";\nimport { same } from "./helper";\n[list, data.n, same]',
    ],
  },
];

/** All projects of this file. */
export const formats: readonly Project[] = [...esModules, ...commonJs, ...json];
