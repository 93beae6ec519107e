/**
 * Projects about older and newer targets and module formats: the emitted code runs with the same
 * result.
 */
import { type Project, packageOf, strict, tsconfig } from "./project";

/** The helpers of TypeScript's package `tslib` that the project here needs. */
const tslib = {
  "node_modules/tslib/package.json": {
    name: "tslib",
    version: "2.8.1",
    main: "tslib.js",
    types: "tslib.d.ts",
  },
  "node_modules/tslib/tslib.js":
    'exports.__decorate = (decorators, target, key, desc) => {\n  const own = key === undefined ? target : desc === null ? Object.getOwnPropertyDescriptor(target, key) : desc;\n  let result = own;\n  for (const decorator of [...decorators].reverse()) result = (key === undefined ? decorator(result) : decorator(target, key, result)) ?? result;\n  if (key !== undefined && result) Object.defineProperty(target, key, result);\n  return result;\n};\nexports.__awaiter = (self, _, P, generator) => new Promise((resolve, reject) => {\n  globalThis.awaited = (globalThis.awaited ?? 0) + 1;\n  const it = generator.apply(self, _ ?? []);\n  const step = (method, value) => {\n    try {\n      const { done, value: next } = it[method](value);\n      if (done) resolve(next);\n      else Promise.resolve(next).then((v) => step("next", v), (e) => step("throw", e));\n    } catch (error) { reject(error); }\n  };\n  step("next");\n});\nexports.__rest = (from, names) => Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));\n',
  "node_modules/tslib/tslib.d.ts":
    "export declare function __decorate(decorators: Function[], target: any, key?: string | symbol, desc?: any): any;\nexport declare function __awaiter(thisArg: any, _arguments: any, P: Function, generator: Function): any;\nexport declare function __rest(t: any, propertyNames: (string | symbol)[]): any;\n",
};

/** Projects whose older target requires other code. */
const features =
  "export async function* numbers(): AsyncGenerator<number> { yield 1; yield* [2, 3]; }\nexport const sum = async (): Promise<number> => { let all = 0; for await (const n of numbers()) all += n; return all; };\nexport class Counter { static #made = 0; #n = 2; static { Counter.#made += 1; } get n(): number { return this.#n ** 2; } has(o: object): boolean { return #n in o; } static get made(): number { return Counter.#made; } }\nexport const spread = (maybe?: object): object => ({ ...{ a: 1 }, ...(maybe ?? { b: 2 }) });\nexport const pick = ({ a, ...rest }: { a: number; b: number }): object => rest;\nexport const chain = (o?: { f?: () => number }): number | undefined => o?.f?.();\n";

const useFeatures =
  "const c = new Counter();\n[await sum(), c.n, c.has(c), Counter.made, spread(), pick({ a: 1, b: 2 }), chain({ f: () => 3 }), chain()]";

const down: readonly Project[] = [
  {
    name: "targets: es2017, with async generators and private names",
    files: {
      ...strict("esnext", {
        target: "es2017",
        lib: ["es2022"],
        moduleResolution: "bundler",
      }),
      ...packageOf("module"),
      "helper.ts": features,
    },
    cells: [
      'import { Counter, chain, numbers, pick, spread, sum } from "./helper.js";',
      "async function* here(): AsyncGenerator<number> { for await (const n of numbers()) yield n * 2; }\nlet total = 0;\nfor await (const n of here()) total += n;",
      useFeatures.replace("[await", "[total, await"),
    ],
  },
  {
    name: "targets: es5 with downlevelIteration, node10, baseUrl",
    files: {
      ...tsconfig({
        target: "es5",
        module: "commonjs",
        moduleResolution: "node10",
        lib: ["es2020"],
        downlevelIteration: true,
        strict: true,
        esModuleInterop: true,
        baseUrl: ".",
      }),
      "src/helper.ts":
        "export class Point { constructor(public x: number, private y = 2) {} get sum(): number { return this.x + this.y; } }\nexport class Deep extends Point { z = `${this.x}!`; toString(): string { return this.z + [...this.z]; } }\nexport function* pairs(map: Map<string, number>): Generator<string> { for (const [k, v] of map) yield k + v; }\n",
      "src/uses.ts":
        'import { Deep, pairs } from "./helper";\nexport const all = (): unknown[] => [new Deep(1).sum, String(new Deep(1)), ...pairs(new Map([["a", 1]]))];\n',
    },
    folder: "notebooks",
    entry: "ts",
    cells: [
      'import { all } from "../src/uses";\nimport { Point } from "../src/helper";\nclass Own extends Point { more = this.sum; }\n[all(), new Own(3).more]',
    ],
  },
  {
    name: "targets: es2015 modules, node10, as older front ends have",
    files: {
      ...tsconfig({
        target: "es2015",
        module: "es2015",
        moduleResolution: "node10",
        lib: ["es2022", "dom"],
        strict: true,
        baseUrl: "src",
        isolatedModules: true,
        esModuleInterop: true,
        jsx: "preserve",
        noEmit: true,
      }),
      "src/shared/index.ts":
        'export { default as name } from "./name";\nexport type { Kind } from "shared/kinds";\n',
      "src/shared/name.ts": 'const name = "name";\nexport default name;\n',
      "src/shared/kinds.ts": "export type Kind = 1 | 2;\n",
    },
    folder: "src/notebooks",
    runner: "esbuild",
    entry: "ts",
    cells: [
      'import { name, type Kind } from "shared";\nimport again from "shared/name";\nconst kind: Kind = 2;\n[name, again, kind]',
    ],
  },
  {
    name: "targets: helpers of tslib",
    files: {
      ...tslib,
      ...strict("commonjs", {
        target: "es2016",
        lib: ["es2022"],
        moduleResolution: "node10",
        esModuleInterop: false,
        importHelpers: true,
        experimentalDecorators: true,
      }),
      "helper.ts":
        "const twice = (_: object, __: string, d: PropertyDescriptor): PropertyDescriptor => ({ ...d, value: () => 2 * d.value() });\nexport class A { @twice f(): number { return 3; } }\nexport const later = async (): Promise<number> => 4;\nexport const rest = ({ a, ...b }: { a: number; b: number }): object => b;\nlater();\n",
    },
    entry: "ts",
    cells: [
      'import { A, rest } from "./helper";\n[new A().f(), rest({ a: 1, b: 2 }), (globalThis as unknown as { awaited: number }).awaited]',
    ],
  },
];

const up: readonly Project[] = [
  {
    name: "targets: what TypeScript 6 writes into a new project",
    files: {
      ...tsconfig({
        target: "es2025",
        module: "node20",
        lib: ["es2025"],
        types: [],
        strict: true,
        verbatimModuleSyntax: true,
        isolatedModules: true,
        noUncheckedSideEffectImports: true,
        moduleDetection: "force",
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        jsx: "react-jsx",
        skipLibCheck: true,
        sourceMap: true,
        declaration: true,
        declarationMap: true,
        ignoreDeprecations: "6.0",
      }),
      ...packageOf("module"),
      "helper.ts":
        "export class Row { declare kept: string; name?: string; constructor() { Object.assign(this, { kept: 'kept' }); } }\nexport const own = Object.keys(new Row());\nexport const sorted: number[] = [3, 1].toSorted();\n",
    },
    older: { target: "es2024", lib: ["esnext"] },
    cells: [
      'import { own, sorted, type Row } from "./helper.js";\nconst row: Pick<Row, "name"> = { name: "a" };\nconst first = sorted[0] ?? 0;\n[own, sorted, first.toFixed(1), row.name]',
    ],
  },
  {
    name: "targets: using, of esnext.disposable",
    files: {
      ...strict("nodenext", { lib: ["es2022", "esnext.disposable"] }),
      ...packageOf("module"),
      "helper.ts":
        "export const log: string[] = [];\nexport const open = (name: string): Disposable => ({ [Symbol.dispose]: () => void log.push(`closed ${name}`) });\nexport function work(): number { using a = open('a'); using b = open('b'); log.push('work'); return 1; }\n{ await using later: AsyncDisposable = { [Symbol.asyncDispose]: async () => void log.push('later') }; }\n",
    },
    cells: [
      'import { log, open, work } from "./helper.js";\n{ using c = open("c"); }\n[work(), log]',
    ],
  },
];

/** All projects of this file. */
export const targets: readonly Project[] = [...down, ...up];
