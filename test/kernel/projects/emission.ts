/**
 * Projects about emitted code: enum constants and class fields.
 */
import { type Project, packageOf, strict } from "./project";

const enums: readonly Project[] = [
  {
    name: "enums: members of other enums and constants, across files",
    files: {
      ...strict("nodenext"),
      "base.ts":
        'export enum Base { First = 10 }\nexport enum Text { A = "a", B = `${A}b` }\nexport const three = 3;\nexport const word = "w";\n',
      "more.ts":
        'import { Base, Text, three, word } from "./base.js";\nexport enum More { A = Base.First, B, C = three, D }\nexport enum Named { X = Text.A, Y = Text.B, Z = word }\n',
    },
    cells: [
      'import { More, Named } from "./more.js";\nimport { Base, Text, three } from "./base.js";',
      "enum Here { A = Base.First, B, C = three << 1, D }\nenum Names { X = Text.B, Y = Named.Z }",
      "[More.A, More.B, More.C, More.D, Object.keys(Named), Here.A, Here.B, Here.C, Here.D, Object.entries(Names)]",
    ],
  },
  {
    name: "enums: const enums of declarations and of files",
    files: {
      ...strict("nodenext"),
      "node_modules/kinds/package.json": {
        name: "kinds",
        types: "./kinds.d.ts",
        main: "./kinds.js",
      },
      "node_modules/kinds/kinds.js": "exports.used = 1;\n",
      "node_modules/kinds/kinds.d.ts":
        "export declare const enum Dir { Up = 1, Down }\ndeclare const enum Other { Left = 5 }\nexport default Other;\nexport declare const used: number;\n",
      "local.d.ts": "export declare const enum Kind { One = 11, Two }\n",
      "own.ts": "export const enum Own { A = 21, B = A * 2 }\n",
      "helper.ts":
        'import { Dir } from "kinds";\nimport { Kind } from "./local.js";\nimport { Own } from "./own.js";\nexport const all: number[] = [Dir.Down, Kind.Two, Own.B];\n',
    },
    cells: [
      'import { Dir, used } from "kinds";\nimport * as kinds from "kinds";\nimport { Kind } from "./local.js";\nimport { Own } from "./own.js";\nimport { all } from "./helper.js";',
      "declare const enum Cell { A = 31, B }\nconst same = (kind: Kind) => kind;",
      "[Dir.Down, kinds.Dir.Up, used, Kind.One, same(Kind.Two), Own.A, all, Cell.B]",
    ],
  },
];

const isolated: readonly Project[] = [
  {
    name: "enums: isolatedModules keeps const enums as objects",
    files: {
      ...strict("esnext", {
        moduleResolution: "bundler",
        isolatedModules: true,
        preserveConstEnums: true,
      }),
      ...packageOf("module"),
      "kinds.ts":
        "export const enum Kind { A = 1, B = A << 2, C = B | 8 }\nexport enum Plain { X = 1 << 3, Y = ~X, Z = -1.5 }\n",
      "helper.ts":
        'import { Kind, Plain } from "./kinds.js";\nexport const all: number[] = [Kind.B, Plain.Y];\n',
    },
    cells: [
      'import { Kind, Plain } from "./kinds.js";\nimport { all } from "./helper.js";\n[Kind.A, Kind.C, Plain, all]',
    ],
  },
  {
    name: "enums: isolatedModules refuses those of declarations",
    files: {
      ...strict("esnext", {
        moduleResolution: "bundler",
        isolatedModules: true,
      }),
      "local.d.ts": "export declare const enum Kind { One = 11, Two }\n",
    },
    cells: ['import { Kind } from "./local.js";\nKind.One'],
  },
];

const rows =
  "class Row { constructor(d: object) { Object.assign(this, d); } }\nclass User extends Row { name!: string; }";

const fields: readonly Project[] = [
  {
    name: "fields: useDefineForClassFields false",
    files: {
      ...strict("nodenext", { useDefineForClassFields: false }),
      "helper.ts": `${rows}\nexport const helped: string = new User({ name: "Ann" }).name;\n`,
    },
    cells: [
      rows,
      'import { helped } from "./helper.js";\n[new User({ name: "Ann" }).name, helped]',
    ],
  },
  {
    name: "fields: useDefineForClassFields true at target es2020, one class in a helper and in a cell",
    files: {
      ...strict("esnext", {
        target: "es2020",
        moduleResolution: "bundler",
        useDefineForClassFields: true,
      }),
      ...packageOf("module"),
      "helper.ts":
        "export class Base { constructor() { this.begin(); } begin(): void {} }\nexport class Field extends Base { n?: number; declare kept: number; static own = 2; ['literal'] = 3; begin(): void { this.n = 5; this.kept = 6; } }\n",
    },
    cells: [
      'import { Base, Field } from "./helper.js";',
      "class Here extends Base { n?: number; declare kept: number; static own = 2; ['literal'] = 3; begin(): void { this.n = 5; this.kept = 6; } }",
      "[Object.entries(new Field()), Object.entries(new Here()), Object.keys(Here)]",
    ],
  },
  {
    name: "fields: of target es2020",
    files: {
      ...strict("esnext", { target: "es2020", moduleResolution: "bundler" }),
      ...packageOf("module"),
      "helper.ts": `${rows}\nexport const helped: string = new User({ name: "Ann" }).name;\n`,
    },
    cells: [
      'import { helped } from "./helper.js";',
      rows,
      '[new User({ name: "Ann" }).name, helped]',
    ],
  },
];

const stacks: readonly Project[] = [
  {
    name: "stacks: lines of TypeScript files, of either kind",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "helper.ts":
        'interface Long {\n  a: number;\n  b: string;\n}\n\nexport function fail(long?: Long): never {\n  const text: string = long?.b ?? "failed";\n  throw new Error(text);\n}\n',
      "old.cts":
        'import { inner } from "./inner.cjs";\n\ntype T = 1;\ntype U = 2;\nexport const outer = (t?: T | U): number => {\n  enum E { A }\n  return inner(t ?? E.A);\n};\n',
      "inner.cts":
        "type A = 1;\n\n\ntype B = 2;\nexport const inner = (n: number | A | B): number => {\n  throw new TypeError(`inner ${n}`);\n};\n",
    },
    cells: [
      'import { fail } from "./helper.js";\nimport { outer } from "./old.cjs";',
      'const places: string[] = [];\nfor (const call of [fail, outer]) {\n  try {\n    call();\n  } catch (error) {\n    places.push(...((error as Error).stack ?? "").match(/(helper|old|inner)\\.c?ts:\\d+/g) ?? []);\n  }\n}\nplaces',
    ],
  },
];

/** All projects of this file. */
export const emission: readonly Project[] = [
  ...enums,
  ...isolated,
  ...fields,
  ...stacks,
];
