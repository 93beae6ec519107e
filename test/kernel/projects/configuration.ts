/**
 * What tsconfig.json may say: options that hang on others, libraries, bases, references, declarations.
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

/** All of them. */
export const configuration: readonly Project[] = [
  ...options,
  ...bases,
  ...references,
  ...declarations,
];
