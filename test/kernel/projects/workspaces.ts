/**
 * Projects with several packages: npm workspaces, Nx libraries, project references,
 * self-references.
 */
import { type Project, strict, tsconfig } from "./project";

const core = (exports: object | string, more: object = {}) => ({
  "packages/core/package.json": {
    name: "@my/core",
    type: "module",
    exports,
    ...more,
  },
  "packages/core/src/index.ts":
    'import { suffix } from "./suffix.js";\nexport const where: string = "src" + suffix;\nexport enum Level { Low = 1, High }\nexport class Thing { kind = Level.High; }\n',
  "packages/core/src/suffix.ts": 'export const suffix: string = "!";\n',
});

const built = {
  "packages/core/dist/index.js":
    'export const where = "dist";\nexport var Level;\n(function (Level) { Level[Level["Low"] = 1] = "Low"; Level[Level["High"] = 2] = "High"; })(Level || (Level = {}));\nexport class Thing { kind = Level.High; }\n',
  "packages/core/dist/index.d.ts":
    "export declare const where: string;\nexport declare enum Level { Low = 1, High = 2 }\nexport declare class Thing { kind: Level; }\n",
};

const app = {
  "packages/app/package.json": { name: "@my/app", type: "module" },
  "packages/app/src/view.ts":
    'import { Level, Thing, where } from "@my/core";\nexport const view: unknown[] = [where, Level[new Thing().kind]];\nexport { Thing } from "@my/core";\n',
};

const links = { "node_modules/@my/core": "packages/core" };
const folder = "packages/app/notebooks";
const root = {
  "package.json": { name: "root", private: true, workspaces: ["packages/*"] },
};
const cells = [
  'import { Level, Thing, where } from "@my/core";\nimport { Thing as Again, view } from "../src/view.js";',
  "[where, Level.High, Level[new Thing().kind], view, Thing === Again]",
];

const monorepo: readonly Project[] = [
  {
    name: "workspaces: a package that is built",
    files: {
      ...root,
      ...core({
        ".": { types: "./dist/index.d.ts", import: "./dist/index.js" },
      }),
      ...built,
      ...app,
      "packages/app/tsconfig.json": strict("nodenext")["tsconfig.json"],
    },
    links,
    folder,
    cells,
  },
  {
    name: "workspaces: a package's sources by a condition of one's own",
    files: {
      ...root,
      ...core({
        ".": {
          "@my/source": "./src/index.ts",
          types: "./dist/index.d.ts",
          default: "./dist/index.js",
        },
      }),
      ...built,
      ...app,
      "packages/app/tsconfig.json": strict("esnext", {
        moduleResolution: "bundler",
        customConditions: ["@my/source"],
      })["tsconfig.json"],
    },
    links,
    folder,
    runner: "esbuild",
    cells,
  },
  {
    name: "workspaces: a package whose entry is a TypeScript file",
    files: {
      ...root,
      ...core({ ".": "./src/index.ts", "./*": "./src/*.ts" }),
      ...app,
      "tsconfig.json": strict("esnext", { moduleResolution: "bundler" })[
        "tsconfig.json"
      ],
    },
    links,
    folder,
    runner: "esbuild",
    cells: [
      ...cells.slice(0, 1),
      'import { suffix } from "@my/core/suffix";\n[where, suffix, Level.High, view, Thing === Again]',
    ],
  },
  {
    name: "workspaces: CommonJS packages with main and types in src",
    files: {
      ...root,
      "packages/core/package.json": {
        name: "@my/core",
        main: "./src/index",
        types: "./src/index.ts",
      },
      "packages/core/src/index.ts":
        'export { where } from "./where";\nexport const here: string = __filename.split("/").slice(-4, -1).join("/");\n',
      "packages/core/src/where.ts": 'export const where: string = "src";\n',
      "packages/app/src/view.ts":
        'import { where } from "@my/core";\nexport const view: string = where;\n',
      "tsconfig.json": strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
      })["tsconfig.json"],
    },
    links,
    folder,
    entry: "ts",
    cells: [
      'import { here, where } from "@my/core";\nimport { view } from "../src/view";\n[where, here, view]',
    ],
  },
];

const nx: readonly Project[] = [
  {
    name: "Nx: libraries by the paths of tsconfig.base.json",
    files: {
      "package.json": { name: "nx", private: true },
      "tsconfig.base.json": {
        compileOnSave: false,
        compilerOptions: {
          rootDir: ".",
          sourceMap: true,
          declaration: false,
          moduleResolution: "bundler",
          emitDecoratorMetadata: true,
          experimentalDecorators: true,
          importHelpers: false,
          target: "es2022",
          module: "esnext",
          lib: ["es2022", "dom"],
          skipLibCheck: true,
          skipDefaultLibCheck: true,
          paths: {
            "@org/shared/util": ["./libs/shared/util/src/index.ts"],
            "@org/shared/ui/*": ["./libs/shared/ui/src/lib/*"],
          },
        },
        exclude: ["node_modules", "tmp"],
      },
      "libs/shared/util/tsconfig.json": {
        extends: "../../../tsconfig.base.json",
        compilerOptions: { strict: true },
      },
      "libs/shared/util/src/index.ts":
        'export * from "./lib/util";\nexport { Model } from "./lib/model";\n',
      "libs/shared/util/src/lib/util.ts":
        "export const util = (): string => 'util';\n",
      "libs/shared/util/src/lib/model.ts":
        "function field(target: object, key: string): void { (target as Record<string, unknown>)['known'] = key; }\nexport class Model { @field name = 'n'; declare known: string; }\n",
      "libs/shared/ui/src/lib/button.ts":
        'import { util } from "@org/shared/util";\nexport const button = `button ${util()}`;\n',
      "apps/lab/tsconfig.json": {
        extends: "../../tsconfig.base.json",
        files: [],
        include: [],
        references: [{ path: "./tsconfig.app.json" }],
      },
      "apps/lab/tsconfig.app.json": {
        extends: "./tsconfig.json",
        compilerOptions: { outDir: "../../dist/out-tsc", types: ["node"] },
        include: ["src/**/*.ts", "notebooks"],
      },
    },
    folder: "apps/lab/notebooks",
    config: "apps/lab/tsconfig.app.json",
    runner: "esbuild",
    cells: [
      'import { Model, util } from "@org/shared/util";\nimport { button } from "@org/shared/ui/button";\n[util(), button, new Model().name, new Model().known]',
    ],
  },
];

const references: readonly Project[] = [
  {
    name: "references: composite projects, by relative names and by package",
    files: {
      "package.json": { name: "root", private: true, type: "module" },
      "core/package.json": {
        name: "@my/core",
        type: "module",
        exports: "./index.js",
      },
      "core/tsconfig.json": {
        compilerOptions: {
          composite: true,
          module: "nodenext",
          target: "es2022",
          strict: true,
          types: [],
        },
      },
      "core/index.ts":
        'export { part } from "./part.js";\nexport enum Size { S = 1, M }\n',
      "core/part.ts": 'export const part: string = "part";\n',
      "app/tsconfig.json": {
        compilerOptions: {
          module: "nodenext",
          target: "es2022",
          strict: true,
          outDir: "./dist",
          rootDir: ".",
          noEmit: false,
        },
        references: [{ path: "../core" }],
      },
      "app/helper.ts":
        'import { part, Size } from "../core/index.js";\nexport const helped: string = part + Size.M;\n',
      "app/package.json": { name: "@my/app", type: "module" },
    },
    links: { "node_modules/@my/core": "core" },
    folder: "app",
    builds: ["core"],
    copies: {
      "core/index.js": "app/core/index.js",
      "core/part.js": "app/core/part.js",
    },
    cells: [
      'import { Size, part } from "@my/core";\nimport { helped } from "./helper.js";\n[Size.M, part, helped]',
    ],
  },
];

const selfNamed: readonly Project[] = [
  {
    name: "self-reference: by the package's own name",
    files: {
      ...strict("nodenext"),
      "package.json": {
        name: "@me/own",
        type: "module",
        exports: {
          ".": "./src/index.js",
          "./parts/*": "./src/parts/*.js",
          "./parts/hidden": null,
        },
      },
      "src/index.ts":
        'import { one } from "@me/own/parts/one";\nexport const n: number = one + 1;\n',
      "src/parts/one.ts": "export const one: number = 1;\n",
      "src/parts/hidden.ts": "export const hidden: number = 1;\n",
    },
    folder: "notebooks",
    cells: [
      'import { n } from "@me/own";\nimport { one } from "@me/own/parts/one";\nimport * as same from "../src/parts/one.js";\n[n, one, same === (await import("@me/own/parts/one"))]',
    ],
  },
  {
    name: "self-reference: of files that are yet to be built",
    files: {
      ...tsconfig({
        module: "nodenext",
        target: "es2022",
        strict: true,
        rootDir: "./src",
        outDir: "./dist",
        declaration: true,
      }),
      "package.json": {
        name: "me",
        type: "module",
        exports: {
          "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" },
        },
        imports: { "#deep/*": "./dist/deep/*.js" },
      },
      "src/index.ts":
        'import { one } from "#deep/one";\nexport const n: number = one + 1;\n',
      "src/deep/one.ts": "export const one: number = 1;\n",
    },
    folder: "src/notebooks",
    cells: [
      'import { n } from "me/index";\nimport { one } from "#deep/one";\n[n, one]',
    ],
  },
  {
    name: "self-reference: a name that exports keeps to itself",
    files: {
      ...strict("nodenext"),
      "package.json": {
        name: "me",
        type: "module",
        exports: { "./a": "./a.js", "./in/*": "./in/*.js", "./in/x": null },
      },
      "a.ts": "export const a: number = 1;\n",
      "in/x.ts": "export const x: number = 1;\n",
    },
    cells: ['import { a } from "me/a";\nimport { x } from "me/in/x";\n[a, x]'],
  },
];

/** All projects of this file. */
export const workspaces: readonly Project[] = [
  ...monorepo,
  ...nx,
  ...references,
  ...selfNamed,
];
