/**
 * Projects about packages: which file is resolved with the conditions of `exports` and `imports`.
 */
import { type Project, packageOf, strict } from "./project";

/** A package with an ES module and a CommonJS module that differ. */
const dual = {
  "node_modules/dual/package.json": {
    name: "dual",
    exports: {
      ".": {
        import: { types: "./e.d.mts", default: "./e.mjs" },
        require: { types: "./c.d.cts", default: "./c.cjs" },
      },
      "./parts/*": {
        import: { types: "./parts/*.d.mts", default: "./parts/*.mjs" },
        require: { types: "./parts/*.d.cts", default: "./parts/*.cjs" },
      },
    },
  },
  "node_modules/dual/e.mjs":
    'export const kind = "esm";\nexport const onlyEsm = 1;\nexport default function named() { return "default"; }\nexport class Shape {}\nexport const make = () => new Shape();\n',
  "node_modules/dual/e.d.mts":
    "export declare const kind: string;\nexport declare const onlyEsm: number;\nexport default function named(): string;\nexport declare class Shape {}\nexport declare const make: () => Shape;\n",
  "node_modules/dual/c.cjs":
    'exports.kind = "cjs";\nexports.onlyCjs = 2;\nexports.Shape = class Shape {};\nexports.make = () => new exports.Shape();\n',
  "node_modules/dual/c.d.cts":
    "export declare const kind: string;\nexport declare const onlyCjs: number;\nexport declare class Shape {}\nexport declare const make: () => Shape;\n",
  "node_modules/dual/parts/check.mjs":
    'import { Shape } from "../e.mjs";\nexport const isShape = (value) => value instanceof Shape;\n',
  "node_modules/dual/parts/check.d.mts":
    "export declare const isShape: (value: unknown) => boolean;\n",
  "node_modules/dual/parts/check.cjs": "exports.isShape = () => false;\n",
  "node_modules/dual/parts/check.d.cts":
    "export declare const isShape: (value: unknown) => boolean;\n",
};

const conditions: readonly Project[] = [
  {
    name: "conditions: import and require, in cells and in helpers",
    files: {
      ...dual,
      ...strict("nodenext"),
      "esm.mts":
        'export { kind, onlyEsm } from "dual";\nexport const later = (await import("dual")).kind;\n',
      "cjs.cts": 'export { kind, onlyCjs } from "dual";\n',
    },
    cells: [
      'import named, { kind, onlyEsm, make } from "dual";\nimport { isShape } from "dual/parts/check";',
      'import * as esm from "./esm.mjs";\nimport * as cjs from "./cjs.cjs";',
      '[named(), kind, onlyEsm, isShape(make()), (await import("dual")).onlyEsm, esm.kind, esm.later, cjs.kind, cjs.onlyCjs]',
    ],
  },
  {
    name: "conditions: node before default",
    files: {
      "node_modules/blob/package.json": {
        name: "blob",
        type: "module",
        exports: {
          ".": {
            node: { types: "./node.d.ts", default: "./node.js" },
            default: { types: "./browser.d.ts", default: "./browser.js" },
          },
        },
      },
      "node_modules/blob/node.js":
        "export const fromFile = (name) => `file ${name}`;\n",
      "node_modules/blob/node.d.ts":
        "export declare const fromFile: (name: string) => string;\n",
      "node_modules/blob/browser.js": "export const fromBlob = () => 0;\n",
      "node_modules/blob/browser.d.ts":
        "export declare const fromBlob: () => number;\n",
      ...strict("nodenext"),
    },
    cells: ['import { fromFile } from "blob";\nfromFile("a")'],
  },
  {
    name: "conditions: a custom one, source beside built files",
    files: {
      ...strict("esnext", {
        moduleResolution: "bundler",
        customConditions: ["source"],
      }),
      "node_modules/lib/package.json": {
        name: "lib",
        type: "module",
        exports: {
          ".": { source: "./src/index.ts", default: "./dist/index.js" },
        },
      },
      "node_modules/lib/src/index.ts":
        "export const n: number = 2;\nexport enum Added { Yes = 3 }\n",
      "node_modules/lib/dist/index.js": "export const n = 1;\n",
      "helper.ts":
        'import { n } from "lib";\nexport const helped: number = n + 10;\n',
    },
    runner: "esbuild",
    cells: [
      'import { n, Added } from "lib";\nimport { helped } from "./helper";\n[n, Added.Yes, helped]',
    ],
  },
  {
    name: "imports: by condition, by pattern, and of a package",
    files: {
      ...strict("nodenext"),
      ...packageOf("module", {
        imports: {
          "#env": { import: "./env.mjs", require: "./env.cjs" },
          "#lib/*": "./lib/*",
          "#dep": "dual",
        },
      }),
      ...dual,
      "env.mjs": 'export const env = "import";\n',
      "env.d.mts": "export declare const env: string;\n",
      "env.cjs": 'exports.env = "require";\n',
      "env.d.cts": "export declare const env: string;\n",
      "lib/deep/one.ts":
        'import { env } from "#env";\nexport const one: string = `one ${env}`;\n',
    },
    folder: "notebooks",
    cells: [
      'import { env } from "#env";\nimport { one } from "#lib/deep/one.js";\nimport { kind } from "#dep";\n[env, one, kind]',
    ],
  },
];

const ownConditions: readonly Project[] = [
  {
    name: "imports: by a condition of one's own",
    files: {
      ...strict("nodenext", { customConditions: ["test"] }),
      ...packageOf("module", {
        imports: {
          "#mode": { test: "./mode.test.js", default: "./mode.js" },
          "#parts/*.js": { test: "./test/*.js", default: "./parts/*.js" },
        },
      }),
      "mode.ts": 'export const mode: string = "plain";\n',
      "mode.test.ts":
        'export const mode: string = "test";\nexport { part } from "#parts/one.js";\n',
      "test/one.ts": 'export const part: string = "test part";\n',
      "parts/one.ts": 'export const part: string = "part";\n',
    },
    folder: "notebooks",
    cells: [
      'import { mode, part } from "#mode";\nimport { part as same } from "#parts/one.js";\n[mode, part, same]',
    ],
  },
];

const kinds: readonly Project[] = [
  {
    name: "packages: with require alone, with module-sync, with main and module",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "node_modules/old/package.json": {
        name: "old",
        exports: { ".": { types: "./old.d.cts", require: "./old.cjs" } },
      },
      "node_modules/old/old.cjs": "exports.old = 1;\n",
      "node_modules/old/old.d.cts": "export declare const old: number;\n",
      "node_modules/sync/package.json": {
        name: "sync",
        exports: {
          "module-sync": { types: "./s.d.mts", default: "./s.mjs" },
          default: { types: "./d.d.cts", default: "./d.cjs" },
        },
      },
      "node_modules/sync/s.mjs": 'export const kind = "sync";\n',
      "node_modules/sync/s.d.mts": "export declare const kind: string;\n",
      "node_modules/sync/d.cjs": 'exports.kind = "default";\n',
      "node_modules/sync/d.d.cts": "export declare const kind: string;\n",
      "node_modules/both/package.json": {
        name: "both",
        main: "./main.js",
        module: "./module.mjs",
        types: "./both.d.ts",
      },
      "node_modules/both/main.js": 'exports.both = "main";\n',
      "node_modules/both/module.mjs": 'export const both = "module";\n',
      "node_modules/both/both.d.ts": "export declare const both: string;\n",
      "helper.cts":
        'import old = require("old");\nimport { kind } from "sync";\nexport const all: unknown[] = [old.old, kind];\n',
    },
    cells: [
      'import { kind } from "sync";\nimport { both } from "both";\nimport { all } from "./helper.cjs";\n[kind, both, all]',
    ],
  },
  {
    name: "packages: subpaths, patterns, types by version and names that are not given out",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "node_modules/parts/package.json": {
        name: "parts",
        type: "module",
        exports: {
          ".": {
            "types@>=9": "./none.d.ts",
            types: "./index.d.ts",
            default: "./index.js",
          },
          "./features/*.js": {
            types: "./lib/*.d.ts",
            default: "./lib/*.js",
          },
          "./features/private-*.js": null,
          "./data": "./data.json",
          "./package.json": "./package.json",
        },
      },
      "node_modules/parts/index.js": "export const index = 1;\n",
      "node_modules/parts/index.d.ts": "export declare const index: number;\n",
      "node_modules/parts/lib/x/y.js": "export const y = 2;\n",
      "node_modules/parts/lib/x/y.d.ts": "export declare const y: number;\n",
      "node_modules/parts/data.json": { n: 3 },
      "helper.ts":
        'import { y } from "parts/features/x/y.js";\nexport const told: unknown[] = [y];\nfor (const name of ["parts/lib/x/y.js", "parts/features/private-a.js"])\n  told.push(await import(name).catch((error: NodeJS.ErrnoException) => error.code));\n',
    },
    cells: [
      'import { index } from "parts";\nimport { y } from "parts/features/x/y.js";\nimport data from "parts/data" with { type: "json" };\nimport { told } from "./helper.js";\n[index, y, data.n, told]',
    ],
  },
  {
    name: "packages: a name that exports has not, and a member that its types have not",
    files: {
      ...strict("nodenext"),
      ...dual,
    },
    cells: [
      'import { onlyCjs } from "dual";\nimport { isShape } from "dual/parts/other";\nimport x from "dual/e.mjs";\n[onlyCjs, isShape, x]',
    ],
  },
  {
    name: "packages: two instances of a dual package, one for each kind of helper",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      ...dual,
      "esm.ts":
        'import { Shape, make } from "dual";\nexport { Shape, make };\n',
      "cjs.cts":
        'import { Shape, make } from "dual";\nexport { Shape, make };\n',
    },
    cells: [
      'import { Shape, make } from "dual";\nimport * as esm from "./esm.js";\nimport { Shape as Other, make as other } from "./cjs.cjs";',
      "[Shape === esm.Shape, esm.make() instanceof Shape, other() instanceof Shape, other() instanceof Other]",
    ],
  },
  {
    name: "packages: TypeScript's declarations by typesVersions and @types",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "node_modules/versions/package.json": {
        name: "versions",
        main: "index.js",
        types: "old.d.ts",
        typesVersions: { ">=5.0": { "*": ["new/*"] } },
      },
      "node_modules/versions/index.js": "exports.fresh = 1;\n",
      "node_modules/versions/old.d.ts": "export declare const stale: number;\n",
      "node_modules/versions/new/old.d.ts":
        "export declare const fresh: number;\n",
      "node_modules/@scope/bare/package.json": {
        name: "@scope/bare",
        main: "bare.js",
      },
      "node_modules/@scope/bare/bare.js":
        "module.exports = class Bare { n = 2; };\n",
      "node_modules/@types/scope__bare/package.json": {
        name: "@types/scope__bare",
        types: "index.d.ts",
      },
      "node_modules/@types/scope__bare/index.d.ts":
        "declare class Bare { n: number; }\nexport = Bare;\n",
    },
    cells: [
      'import { fresh } from "versions";\nimport Bare from "@scope/bare";\n[fresh, new Bare().n]',
    ],
  },
];

/** All projects of this file. */
export const packages: readonly Project[] = [
  ...conditions,
  ...ownConditions,
  ...kinds,
];
