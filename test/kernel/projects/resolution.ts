/**
 * Projects about resolving file names: extensions, files of the same name, path mappings.
 */
import { type Project, packageOf, strict, tsconfig } from "./project";

const numbers = {
  "helper.ts": "export const n: number = 5;\n",
};

/** Projects in which a specifier resolves to a file with another extension. */
const endings: readonly Project[] = [
  {
    name: "endings: .js for .ts, without a configuration",
    files: numbers,
    cells: ['import { n } from "./helper.js";\nn'],
  },
  {
    name: "endings: .js for .ts and .tsx, .mjs for .mts, .cjs for .cts, nodenext",
    files: {
      ...strict("nodenext", { jsx: "react", jsxFactory: "h" }),
      ...packageOf("module"),
      "src/a.ts":
        'export { b } from "./b.js";\nexport const a: string = "a";\n',
      "src/b.tsx":
        "const h = (tag: string, _: null, ...inside: string[]) => `${tag}:${inside}`;\nexport const b: string = <i>b</i> as unknown as string;\ndeclare global { namespace JSX { interface IntrinsicElements { i: object } } }\n",
      "src/c.mts": "export const c: string = import.meta.url.slice(-5);\n",
      "src/d.cts":
        "export const d: string = typeof module + typeof __filename;\n",
    },
    folder: "src",
    cells: [
      'import { a, b } from "./a.js";',
      'import { c } from "./c.mjs";\nimport { d } from "./d.cjs";\n[a, b, c.length, d]',
    ],
  },
  {
    name: "endings: none and .ts, bundler",
    files: {
      ...strict("esnext", {
        moduleResolution: "bundler",
        allowImportingTsExtensions: true,
        noEmit: true,
      }),
      "deep/index.ts":
        'export { n } from "../helper.ts";\nexport { m } from "./m";\n',
      "deep/m.mts": "export const m: number = 6;\n",
      "deep/m.ts": "export const m: number = 7;\n",
      ...numbers,
    },
    runner: "esbuild",
    cells: [
      'import { n, m } from "./deep";\nimport * as again from "./helper.ts";\n[n, m, again.n === n]',
    ],
  },
  {
    name: "endings: none, without a configuration",
    files: {
      "deep/index.ts":
        'export { view } from "./view";\nexport { count, inc } from "../counter";\nexport const v: number = await Promise.resolve(3);\n',
      "deep/view.tsx": 'export const view: string = "view";\n',
      "counter.ts":
        "export let count = 0;\nexport function inc(): void { count += 1; }\n",
    },
    runner: "esbuild",
    cells: [
      'import { count, inc, v, view } from "./deep";\nimport { count as same } from "./counter";',
      "inc();\n[count, same, v, view]",
    ],
  },
  {
    name: "endings: .ts that is rewritten, nodenext",
    files: {
      ...strict("nodenext", { rewriteRelativeImportExtensions: true }),
      ...packageOf("module"),
      "helper.ts":
        'import { deep } from "./deep.mts";\nexport const n: number = deep * 2;\n',
      "deep.mts": "export const deep: number = 4;\n",
    },
    cells: [
      'import { n } from "./helper.ts";\nconst { deep } = await import("./deep.mts");\n[n, deep]',
    ],
  },
  {
    name: "endings: .mts, .cts and .tsx as they stand",
    files: {
      "one.mts": "export const n: number = 1;\n",
      "two.cts": "export const n: number = 2;\n",
      "three.tsx": "export const n: number = 3;\n",
      ...strict("esnext", {
        moduleResolution: "bundler",
        allowImportingTsExtensions: true,
        noEmit: true,
        jsx: "preserve",
      }),
    },
    runner: "esbuild",
    cells: [
      'import { n as one } from "./one.mts";\nimport { n as two } from "./two.cts";\nimport { n as three } from "./three.tsx";\nimport { n as view } from "./three";\n[one, two, three, view]',
    ],
  },
];

/** Projects with a file of another extension, or a folder, next to the intended file. */
const neighbors: readonly Project[] = [
  {
    name: "beside: an old .js and a .json",
    files: {
      ...strict("nodenext"),
      "helper.ts":
        'export const n: number = 2;\nexport const fresh = "from ts";\n',
      "helper.js": "export const n = 1;\n",
      "config.ts": "export const depth: number = 3;\n",
      "config.json": { depth: 1 },
    },
    cells: [
      'import { n, fresh } from "./helper.js";\nimport { depth } from "./config.js";\n[n, fresh, depth]',
    ],
  },
  {
    name: "beside: an old .js, a .json and index.js, without endings",
    files: {
      ...strict("esnext", { moduleResolution: "bundler" }),
      "inner.ts":
        'export { fresh } from "./util";\nexport { depth } from "./config";\n',
      "util/index.ts": 'export const fresh: string = "from ts";\n',
      "util/index.js": 'export const fresh = "from js";\n',
      "config.ts": "export const depth: number = 3;\n",
      "config.js": "export const depth = 2;\n",
      "config.json": { depth: 1 },
    },
    runner: "esbuild",
    cells: [
      'import { fresh, depth } from "./inner";\nimport * as util from "./util";\n[fresh, depth, util.fresh]',
    ],
  },
  {
    name: "beside: .d.ts beside .js",
    files: {
      ...strict("nodenext"),
      "old.js": "exports.kept = 4; exports.twice = (n) => 2 * n;\n",
      "old.d.ts":
        "export declare const kept: number;\nexport declare function twice(n: number): number;\n",
      "helper.ts":
        'import { twice, kept } from "./old.js";\nexport const n: number = twice(kept);\n',
    },
    cells: [
      'import { n } from "./helper.js";\nimport { twice } from "./old.js";\n[n, twice(n)]',
    ],
  },
];

/** Projects with path mappings. */
const paths: readonly Project[] = [
  {
    name: "paths: with wildcards, and several candidates, without baseUrl",
    files: {
      ...tsconfig({
        module: "esnext",
        moduleResolution: "bundler",
        target: "es2022",
        paths: {
          "@/*": ["./generated/*", "./src/*"],
          "#*.data": ["./src/data/*.ts"],
          exact: ["./src/exact.ts"],
        },
      }),
      "src/a.ts":
        'import { n } from "exact";\nimport { set } from "#numbers.data";\nexport const a: number[] = [n, ...set];\n',
      "src/exact.ts": "export const n: number = 1;\n",
      "src/both.ts": 'export const from: string = "src";\n',
      "generated/both.ts": 'export const from: string = "generated";\n',
      "src/data/numbers.ts": "export const set: number[] = [2, 3];\n",
    },
    folder: "notebooks/week",
    runner: "esbuild",
    cells: [
      'import { a } from "@/a";\nimport { from } from "@/both";\nimport { n } from "exact";\n[a, from, n]',
    ],
  },
  {
    name: "paths: with baseUrl, to a package under another name and to declarations",
    files: {
      ...strict("nodenext", {
        baseUrl: "./src",
        paths: {
          typed: ["./declared/typed.d.ts"],
          "typed/*": ["./declared/*.d.ts"],
        },
      }),
      ...packageOf("module"),
      "src/declared/typed.d.ts": "export declare const typed: number;\n",
      "src/declared/part.d.ts": "export declare const part: number;\n",
      "node_modules/typed/package.json": { name: "typed", main: "index.js" },
      "node_modules/typed/index.js": "exports.typed = 1;\n",
      "node_modules/typed/part.js": "exports.part = 2;\n",
      "src/helper.ts":
        'import { typed } from "typed";\nexport const n: number = typed + 1;\n',
    },
    folder: "src",
    cells: [
      'import { typed } from "typed";\nimport { n } from "./helper.js";\n[typed, n]',
    ],
  },
  {
    name: "paths: a package in the place of another, in helpers of helpers",
    files: {
      ...strict("esnext", {
        moduleResolution: "bundler",
        paths: { react: ["./node_modules/small"], "~/*": ["./*"] },
      }),
      "node_modules/small/package.json": {
        name: "small",
        types: "small.d.ts",
        main: "small.js",
      },
      "node_modules/small/small.js": 'exports.small = "small";\n',
      "node_modules/small/small.d.ts": "export declare const small: string;\n",
      "node_modules/react/package.json": { name: "react", main: "react.js" },
      "node_modules/react/react.js": 'exports.small = "react";\n',
      "deep/one.ts":
        'export { small } from "react";\nexport * from "~/deep/two";\n',
      "deep/two.ts": "export const two: number = 2;\n",
    },
    folder: "notebooks",
    runner: "esbuild",
    cells: [
      'import { small, two } from "~/deep/one";\nimport { small as own } from "react";\n[small, own, two]',
    ],
  },
];

/** Projects with other options that change the resolution. */
const roots: readonly Project[] = [
  {
    name: "roots: rootDirs, files that a build puts together",
    files: {
      ...strict("nodenext", { rootDirs: ["./src", "./generated"] }),
      ...packageOf("module"),
      "src/helper.ts":
        'import { schema } from "./schema.js";\nexport const n: number = schema + 1;\n',
      "generated/schema.ts": "export const schema: number = 1;\n",
    },
    folder: "src",
    copies: { "generated/schema.js": "src/schema.js" },
    cells: [
      'import { n } from "./helper.js";\nimport { schema } from "./schema.js";\n[n, schema]',
    ],
  },
  {
    name: "roots: moduleSuffixes",
    files: {
      ...strict("nodenext", { moduleSuffixes: [".node", ""] }),
      ...packageOf("module"),
      "place.ts": 'export const place: string = "anywhere";\n',
      "place.node.ts": 'export const place: string = "node";\n',
      "other.ts": 'export { place } from "./place.js";\n',
    },
    copies: { "place.node.js": "place.js" },
    cells: [
      'import { place } from "./place.js";\nimport { place as again } from "./other.js";\n[place, again]',
    ],
  },
  {
    name: "roots: a folder with a package.json of its own",
    files: {
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
      }),
      "lib/package.json": { main: "./inner/start" },
      "lib/inner/start.ts": 'export const start: string = "start";\n',
      "lib/index.ts": 'export const start: string = "index";\n',
    },
    folder: "notebooks",
    entry: "ts",
    cells: ['import { start } from "../lib";\nstart'],
  },
];

/** All projects of this file. */
export const resolution: readonly Project[] = [
  ...endings,
  ...neighbors,
  ...paths,
  ...roots,
];
