/**
 * Packages: which of their files is meant, by the conditions of `exports` and `imports`.
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

/** All of them. */
export const packages: readonly Project[] = [...conditions];
