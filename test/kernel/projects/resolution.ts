/**
 * Where names of files lead: endings, files of the same name, paths.
 */
import { type Project, packageOf, strict, tsconfig } from "./project";

const numbers = {
  "helper.ts": "export const n: number = 5;\n",
};

/** Projects whose names of files lead to a file of another ending. */
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

/** Projects with a file of another ending, or a folder, beside the one that is meant. */
const beside: readonly Project[] = [
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

/** Projects whose configuration leads names to files. */
const paths: readonly Project[] = [
  {
    name: "paths: with wildcards, several candidates and none of them, without baseUrl",
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
];

/** All of them. */
export const resolution: readonly Project[] = [...endings, ...beside, ...paths];
