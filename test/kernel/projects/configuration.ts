/**
 * Projects about tsconfig.json: dependent options, libraries, `extends`, references, declarations.
 */
import { type Project, packageOf, strict, tsconfig } from "./project";

const helper = {
  ...packageOf("module"),
  "helper.ts": "export const n: number = 5;\n",
};
const useHelper = ['import { n } from "./helper.js";\nn'];

const options: readonly Project[] = [
  {
    name: "options: that hang on module resolution",
    files: {
      ...helper,
      ...tsconfig({
        module: "esnext",
        moduleResolution: "bundler",
        target: "es2022",
        customConditions: ["source"],
        resolvePackageJsonExports: true,
        resolvePackageJsonImports: true,
      }),
    },
    cells: useHelper,
  },
  {
    name: "options: that hang on what is written",
    files: {
      ...helper,
      ...strict("nodenext", {
        declaration: true,
        isolatedDeclarations: true,
        inlineSourceMap: true,
        inlineSources: true,
        preserveConstEnums: false,
      }),
    },
    cells: useHelper,
  },
  {
    name: "options: a library of TypeScript 6",
    files: { ...helper, ...strict("nodenext", { lib: ["es2025"] }) },
    older: { lib: ["esnext"] },
    cells: [
      'import { n } from "./helper.js";\nconst error = new Error("x", { cause: n });',
      "['aa'.replaceAll('a', 'b'), Object.hasOwn({ n }, \"n\"), error.cause, [3, 1].toSorted().at(-1)]",
    ],
  },
];

const bases: readonly Project[] = [
  {
    name: "bases: an array, a package's, and one two steps away",
    files: {
      "tsconfig.json": {
        extends: ["./configs/near.json", "@my/config/fields.json"],
        compilerOptions: { module: "nodenext" },
      },
      "configs/near.json": {
        extends: "./far",
        compilerOptions: { noImplicitAny: false },
      },
      "configs/far.json":
        '{\n  // "extends": "./nowhere.json",\n  "compilerOptions": { "strict": true, "target": "es2022", "experimentalDecorators": true, },\n}\n',
      "node_modules/@my/config/package.json": { name: "@my/config" },
      "node_modules/@my/config/fields.json": {
        compilerOptions: { useDefineForClassFields: false },
      },
      "helper.ts":
        'class Row { constructor(d: object) { Object.assign(this, d); } }\nclass User extends Row { name!: string; }\nexport const helped: string = new User({ name: "Ann" }).name;\nexport function kind(target: object, key?: string): void { kinds.push(typeof target); }\nexport const kinds: string[] = [];\n',
    },
    cells: [
      'import { helped, kind, kinds } from "./helper.js";\nclass A { @kind x = 1; }\nfunction loose(value) { return value; }\n[helped, kinds, loose(1)]',
    ],
  },
];

const inherited: readonly Project[] = [
  {
    name: "bases: a package's by name, with ${configDir}",
    files: {
      "tsconfig.json": {
        extends: "@tsconfig/strictest",
        compilerOptions: { lib: ["es2023"] },
      },
      "node_modules/@tsconfig/strictest/package.json": {
        name: "@tsconfig/strictest",
      },
      "node_modules/@tsconfig/strictest/tsconfig.json": {
        compilerOptions: {
          module: "esnext",
          moduleResolution: "bundler",
          target: "es2022",
          strict: true,
          noUncheckedIndexedAccess: true,
          paths: { "~/*": ["${configDir}/lib/*"] },
        },
      },
      "lib/numbers.ts": "export const list: readonly number[] = [1, 2];\n",
      "lib/uses.ts":
        'import { list } from "~/numbers";\nexport const last: number = list.findLast((n) => n > 0) ?? 0;\n',
    },
    folder: "notebooks",
    runner: "esbuild",
    cells: [
      'import { list } from "~/numbers";\nimport { last } from "~/uses";\nconst first: number = list[0] ?? 0;\n[first, last, list.toReversed()]',
    ],
  },
  {
    name: "bases: the nearest configuration is the notebook's, each file is the project's",
    files: {
      ...packageOf("module"),
      "tsconfig.json": {
        compilerOptions: {
          module: "nodenext",
          target: "es2022",
          strict: true,
          experimentalDecorators: true,
        },
      },
      "notebooks/tsconfig.json": {
        extends: "../tsconfig.json",
        compilerOptions: { noImplicitAny: false },
      },
      "src/h.ts":
        "export const seen: string[] = [];\nexport function m(t: object, _: string): void { seen.push(typeof t); }\nexport class A { @m x = 1; }\n",
    },
    folder: "notebooks",
    cells: [
      'import { A, m, seen } from "../src/h.js";\nclass B { @m x = new A().x; }\nfunction loose(value) { return value; }\n[loose(new B().x), seen]',
    ],
  },
];

const javaScript: readonly Project[] = [
  {
    name: "JavaScript: allowJs, with types found in it",
    files: {
      ...strict("nodenext", {
        allowJs: true,
        checkJs: true,
        outDir: "./dist",
        rootDir: ".",
      }),
      ...packageOf("module"),
      "add.js":
        "/**\n * @param {number} a\n * @param {number} [b]\n */\nexport function add(a, b = 1) { return a + b; }\nexport class Point { /** @type {number} */ x = 1; }\n",
      "old.cjs":
        "module.exports = { twice: (/** @type {number} */ n) => 2 * n };\n",
      "helper.ts":
        'import { add } from "./add.js";\nimport old from "./old.cjs";\nexport const n: number = old.twice(add(1));\n',
    },
    cells: [
      'import { add, Point } from "./add.js";\nimport { n } from "./helper.js";\n[add(n), new Point().x]',
    ],
  },
  {
    name: "JavaScript: allowJs, where cells are wrong about it",
    files: {
      ...strict("nodenext", { allowJs: true, outDir: "./dist", rootDir: "." }),
      ...packageOf("module"),
      "add.js":
        "/** @param {number} a */\nexport function add(a) { return a + 1; }\n",
    },
    cells: ['import { add } from "./add.js";\nadd("1").toUpperCase()'],
  },
];

const references: readonly Project[] = [
  {
    name: "references: Vite's layout",
    files: {
      "tsconfig.json": {
        files: [],
        references: [
          { path: "./tsconfig.app.json" },
          { path: "./tsconfig.node.json" },
        ],
      },
      "tsconfig.app.json": {
        compilerOptions: {
          target: "ES2022",
          useDefineForClassFields: true,
          lib: ["ES2022", "DOM", "DOM.Iterable"],
          module: "ESNext",
          skipLibCheck: true,
          moduleResolution: "bundler",
          allowImportingTsExtensions: true,
          isolatedModules: true,
          moduleDetection: "force",
          noEmit: true,
          strict: false,
          paths: { "@/*": ["./src/*"] },
        },
        include: ["src"],
      },
      "tsconfig.node.json": {
        compilerOptions: { module: "ESNext", strict: true, noEmit: true },
        include: ["vite.config.ts"],
      },
      "vite.config.ts": "export default {};\n",
      "src/util.ts":
        "export const hello = (name) => `hello ${name}`;\nexport const title = () => document.title;\n",
    },
    folder: "src/notebooks",
    config: "tsconfig.app.json",
    runner: "esbuild",
    cells: [
      'import { hello, title } from "@/util";\nconst twice = (name) => hello(name) + hello(name);\n[twice("a"), typeof title, hello.length]',
    ],
  },
];

const declarations: readonly Project[] = [
  {
    name: "declarations: of the project's own files",
    files: {
      ...strict("nodenext", {}),
      ...packageOf("module"),
      "globals.d.ts":
        "interface Settings { depth: number }\ndeclare const untold: number;\n",
      "types/untyped.d.ts":
        'declare module "untyped" {\n  export function twice(n: number): number;\n}\n',
      "node_modules/untyped/package.json": {
        name: "untyped",
        main: "index.js",
      },
      "node_modules/untyped/index.js": "exports.twice = (n) => 2 * n;\n",
      "helper.ts":
        'import { twice } from "untyped";\nexport const four: number = twice(({ depth: 2 } satisfies Settings).depth);\n',
    },
    folder: "notebooks",
    cells: [
      'import { twice } from "untyped";\nimport { four } from "../helper.js";\nconst s: Settings = { depth: 1 };\n[twice(s.depth), four, typeof untold]',
    ],
  },
  {
    name: "declarations: all packages of typeRoots",
    files: {
      ...strict("nodenext", {
        typeRoots: ["./typings", "./node_modules/@types"],
      }),
      ...packageOf("module"),
      "typings/first/index.d.ts": "interface First { a: number }\n",
      "typings/second/index.d.ts":
        'declare module "second" {\n  export type Second = "second";\n}\n',
    },
    cells: [
      'import type { Second } from "second";\nconst a: First = { a: 1 };\nconst b: Second = "second";\n[a.a, b]',
    ],
  },
];

const selection: readonly Project[] = [
  {
    name: "declarations: types names those that count",
    files: {
      ...strict("nodenext", {
        typeRoots: ["./typings", "./node_modules/@types"],
        types: ["first", "node"],
      }),
      "typings/first/index.d.ts": "interface First { a: number }\n",
      "typings/second/index.d.ts": "interface Second { a: number }\n",
    },
    cells: ["const a: First = { a: 1 };\nconst b: Second = a;\nb.a"],
  },
  {
    name: "declarations: files that are left out do not count",
    files: {
      "tsconfig.json": {
        compilerOptions: { module: "nodenext", target: "es2022", strict: true },
        include: ["src"],
        exclude: ["src/old"],
      },
      "src/seen.d.ts": "interface Seen { a: number }\n",
      "src/old/unseen.d.ts": "interface Unseen { a: number }\n",
      "other.d.ts": "interface Other { a: number }\n",
    },
    folder: "src/notebooks",
    cells: [
      "const a: Seen = { a: 1 };\nconst b: Unseen = a;\nconst c: Other = a;\nc.a",
    ],
  },
  {
    name: "declarations: references in a cell's first lines",
    files: {
      "tsconfig.json": {
        compilerOptions: {
          module: "nodenext",
          target: "es2022",
          strict: true,
          types: ["node"],
        },
        files: [],
      },
      "extra.d.ts":
        "interface Extra { a: number }\ndeclare var told: number | undefined;\n",
      "node_modules/@types/more/package.json": {
        name: "@types/more",
        types: "index.d.ts",
      },
      "node_modules/@types/more/index.d.ts": "interface More { b: number }\n",
    },
    cells: [
      '/// <reference path="./extra.d.ts" />\n/// <reference types="more" />\n/// <reference lib="esnext.array" />\nconst a: Extra & More = { a: 1, b: 2 };\nconst title = (): string => typeof told;\n[a, title()]',
    ],
  },
  {
    name: "declarations: augmentations of packages and of what is global",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "node_modules/app/package.json": {
        name: "app",
        type: "module",
        exports: { types: "./app.d.ts", default: "./app.js" },
      },
      "node_modules/app/app.js":
        "export class App { use(name, value) { this[name] = value; return this; } }\n",
      "node_modules/app/app.d.ts":
        "export interface Extras {}\nexport declare class App { use(name: string, value: unknown): this & Extras; }\n",
      "plugin.ts":
        'import { App } from "app";\ndeclare module "app" { interface Extras { plugged: number } }\ndeclare global { interface Array<T> { second(): T | undefined } }\nArray.prototype.second = function () { return this[1]; };\nexport const plug = (app: App): ReturnType<App["use"]> => app.use("plugged", 5);\n',
    },
    cells: [
      'import { App } from "app";\nimport { plug } from "./plugin.js";\n[plug(new App()).plugged, [1, 2].second(), new App().use("plugged", 6).plugged]',
    ],
  },
];

/** All projects of this file. */
export const configuration: readonly Project[] = [
  ...options,
  ...bases,
  ...inherited,
  ...javaScript,
  ...references,
  ...declarations,
  ...selection,
];
